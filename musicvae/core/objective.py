"""The objective that every kind of autoencoder here descends: the negative ELBO.

Rate (KL) and distortion (-log p(x | z)) are in nats per item; ELBO = -(rate + distortion).
AE and DAE are the case of a rate of zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:  # what kinds there are, and how a training weighs its terms, is told without torch
    from torch import Tensor

AutoencoderKind = Literal["ae", "dae", "vae"]
AUTOENCODERS: tuple[AutoencoderKind, ...] = get_args(AutoencoderKind)


class Loss(NamedTuple):
    """Terms of the objective, each averaged over the batch (nats per item)."""

    total: Tensor
    distortion: Tensor
    rate: Tensor


class Weights(NamedTuple):
    """What the terms of a loss count at a step of a training, beside a distortion that counts 1.

    Parameters
    ----------
    kl : float
    free_bits : float
        As in KLWeight.
    besides : float
        Of what is learned besides (`core.autoencoder.Terms`).
    """

    kl: float = 1.0
    free_bits: float = 0.0
    besides: float = 1.0


class KLWeight(NamedTuple):
    """How the KL counts in training.

    Parameters
    ----------
    beta : float
        Its weight once warmed up (Higgins et al. 2017; 1 gives the ELBO).
    warmup : float
        Share of the training after which the weight is there; until then it rises (Bowman et al. 2016).
    free_bits : float
        Nats a coordinate may cost for nothing, on average over the batch (Kingma et al. 2016, eq. 15).
    """

    beta: float = 1.0
    warmup: float = 0.0
    free_bits: float = 0.0

    def at(self, progress: float) -> float:
        """Return the weight when this share of the training, 0 to 1, is done."""
        if progress >= self.warmup:
            return self.beta
        return self.beta * progress / self.warmup


def negative_elbo(distortion: Tensor, kl: Tensor, weight: float = 1.0, free_bits: float = 0.0) -> Loss:
    """Return the loss of a batch.

    Parameters
    ----------
    distortion : Tensor, shape (B,)
    kl : Tensor, shape (rows, Z)
        Of the codes that were used; rows may be fewer than B, even none, where codes were withheld.
    weight, free_bits : float
        As in KLWeight.
    """
    rate = kl.sum() / max(1, len(kl))
    counted = kl.mean(0).clamp(min=free_bits).sum() if free_bits and len(kl) else rate
    share = len(kl) / len(distortion)
    total = distortion.mean() + weight * share * counted
    return Loss(total, distortion.mean().detach(), rate.detach())
