"""How long and how to train, and the schedules that follow from it.

A training may be bounded by the clock as well as by epochs; the schedules (learning rate, KL weight)
follow whichever bound is nearer, so that a training of ten minutes is a whole training. It may have stages,
one after another, each a part of the whole with schedules of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from musicvae.core.objective import KLWeight


@dataclass(frozen=True)
class TrainConfig:
    """How long and how to train.

    Parameters
    ----------
    minutes, epochs : float and int, optional
        Bounds; training ends at the first one reached. One of them must be given.
    learning_rate : float
        The highest, after `warmup`; it falls to a hundredth along a cosine.
    warmup : float
        Share of the training over which the learning rate rises.
    weight_decay, clip : float
        Of AdamW; and the largest norm of a gradient.
    average : float
        Decay a step of the exponential moving average of the weights, which is the model that is kept.
    kl : KLWeight
    besides : float
        What is learned besides (`core.autoencoder.Terms`) counts 1 at first, and in the end so much.
    checks : int
        Validations in the course of the training.
    patience : int
        Validations without a better loss after which the training stops early.
    seed : int
    begin, end : float
        Shares of the whole training at which this stage of it begins and ends.
    """

    minutes: float | None = None
    epochs: int | None = None
    learning_rate: float = 2e-3
    warmup: float = 0.03
    weight_decay: float = 0.01
    clip: float = 1.0
    average: float = 0.999
    kl: KLWeight = field(default_factory=KLWeight)
    besides: float = 0.1
    checks: int = 20
    patience: int = 6
    seed: int = 0
    begin: float = 0.0
    end: float = 1.0

    def __post_init__(self) -> None:
        if self.minutes is None and self.epochs is None:
            raise ValueError("training needs an end: give minutes or epochs")
        if any(bound is not None and bound <= 0 for bound in (self.minutes, self.epochs)):
            raise ValueError("minutes and epochs must be greater than 0")

    def progress_at(self, seconds: float, epochs: float) -> float:
        """Return the share of the whole training, 0 to 1, that is done.

        Parameters
        ----------
        seconds : float
            Of all stages until now.
        epochs : float
            Of this stage.
        """
        shares = [self.begin]
        if self.minutes is not None:
            shares.append(seconds / (60 * self.minutes))
        if self.epochs is not None:
            shares.append(self.begin + (self.end - self.begin) * epochs / self.epochs)
        return min(self.end, max(shares))

    def along(self, progress: float) -> float:
        """Return the share of this stage, 0 to 1, that is done when this share of the whole training is."""
        return (progress - self.begin) / (self.end - self.begin)

    def besides_at(self, progress: float) -> float:
        """Return what is learned besides counts when this share of the training, 0 to 1, is done."""
        return float(self.besides ** self.along(progress))

    def learning_rate_at(self, progress: float) -> float:
        """Return the learning rate when this share of the training, 0 to 1, is done."""
        done = self.along(progress)
        if done < self.warmup:
            return self.learning_rate * (0.01 + 0.99 * done / self.warmup)
        along = (done - self.warmup) / (1 - self.warmup)
        return self.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, along))))
