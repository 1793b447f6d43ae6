"""`fit`: the training loop, and nothing else.

It knows no music, no pictures, no files and no screen: batches, validation, reports and checkpoints
are handed to it. Devices, precision and several processes come from an `accelerate.Accelerator`.

A training may be bounded by the clock as well as by epochs; the schedules (learning rate, KL weight)
follow whichever bound is nearer, so that a training of ten minutes is a whole training.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from musicvae.core.objective import KLWeight, Loss
from musicvae.errors import TrainingError


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
    checks : int
        Validations in the course of the training.
    patience : int
        Validations without a better loss after which the training stops early.
    seed : int
    """

    minutes: float | None = None
    epochs: int | None = None
    learning_rate: float = 2e-3
    warmup: float = 0.03
    weight_decay: float = 0.01
    clip: float = 1.0
    average: float = 0.999
    kl: KLWeight = field(default_factory=KLWeight)
    checks: int = 20
    patience: int = 6
    seed: int = 0

    def __post_init__(self) -> None:
        if self.minutes is None and self.epochs is None:
            raise ValueError("training needs an end: give minutes or epochs")
        if any(bound is not None and bound <= 0 for bound in (self.minutes, self.epochs)):
            raise ValueError("minutes and epochs must be greater than 0")

    def learning_rate_at(self, progress: float) -> float:
        """Return the learning rate when this share of the training, 0 to 1, is done."""
        if progress < self.warmup:
            return self.learning_rate * (0.01 + 0.99 * progress / self.warmup)
        along = (progress - self.warmup) / (1 - self.warmup)
        return self.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, along))))


class Batches(Protocol):
    """Batches by number: the same step gives the same batch, so that a training can go on where it stopped."""

    def __len__(self) -> int:
        """Return the steps in an epoch."""

    def at(self, step: int) -> Any:
        """Return the batch of a step, counted from the beginning of the training."""


class Scores(NamedTuple):
    """What a validation says: the loss to be lowered, and a share to be read by people."""

    loss: float
    accuracy: float
    rate: float = 0.0
    distortion: float = 0.0
    without_code: float = 0.0


class Report(NamedTuple):
    """Where a training stands. `scores` is None between validations."""

    step: int
    epoch: float
    seconds: float
    progress: float
    learning_rate: float
    loss: float
    distortion: float
    rate: float
    scores: Scores | None = None
    is_best: bool = False


@dataclass
class State:
    """What a training must remember to go on."""

    step: int = 0
    seconds: float = 0.0
    best: float = math.inf
    waited: int = 0
    checked: int = 0


class Hooks(NamedTuple):
    """What `fit` calls: each is a plain function."""

    validate: Callable[[nn.Module], Scores]
    on_report: Callable[[Report], None]
    keep_best: Callable[[nn.Module], None]
    save: Callable[[dict[str, Any]], None]


class Outcome(NamedTuple):
    """How a training ended."""

    reason: str  # "done", "no longer better" or "interrupted"
    state: State


def _follow(average: float) -> Callable[[Any, Any, Any], None]:
    """Average weights with a memory that is short at first, so that early steps are forgotten."""

    @torch.no_grad()
    def update(averaged: list[Tensor], current: list[Tensor], count: Tensor) -> None:
        weight = 1 - min(average, (1 + int(count)) / (10 + int(count)))
        torch._foreach_lerp_(averaged, current, weight)

    return update


class _Clock:
    """The time spent, this session and those before it, and the share of the training done."""

    def __init__(self, config: TrainConfig, epoch_steps: int, state: State) -> None:
        self.config, self.epoch_steps, self.state = config, epoch_steps, state
        self.began = time.perf_counter() - state.seconds

    def progress(self) -> float:
        self.state.seconds = time.perf_counter() - self.began
        shares = [0.0]
        if self.config.minutes is not None:
            shares.append(self.state.seconds / (60 * self.config.minutes))
        if self.config.epochs is not None:
            shares.append(self.state.step / (self.config.epochs * self.epoch_steps))
        return min(1.0, max(shares))


def fit(
    model: nn.Module,
    batches: Batches,
    config: TrainConfig,
    accelerator: Accelerator,
    hooks: Hooks,
    resume: dict[str, Any] | None = None,
) -> Outcome:
    """Train `model` in place; the averaged weights of the best validation go to `hooks.keep_best`.

    Parameters
    ----------
    model : nn.Module
        Called as ``model(batch, weight, free_bits, generator)``, it returns a Loss.
    batches : Batches
    config : TrainConfig
    accelerator : Accelerator
    hooks : Hooks
    resume : dict, optional
        What `hooks.save` was given; training goes on from there.

    Raises
    ------
    TrainingError
        If the loss is no longer a number.
    """
    optimizer = torch.optim.AdamW(model.parameters(), config.learning_rate, (0.9, 0.98), weight_decay=config.weight_decay)
    averaged = AveragedModel(model, multi_avg_fn=_follow(config.average)).to(accelerator.device)
    model, optimizer = accelerator.prepare(model, optimizer)
    state = State()
    bare = accelerator.unwrap_model(model)
    if resume is not None:
        state = State(**resume["state"])
        bare.load_state_dict(resume["model"])
        averaged.load_state_dict(resume["averaged"])
        optimizer.load_state_dict(resume["optimizer"])
    clock = _Clock(config, len(batches), state)

    def snapshot() -> dict[str, Any]:
        return {
            "state": dict(vars(state)),
            "model": bare.state_dict(),
            "averaged": averaged.state_dict(),
            "optimizer": optimizer.state_dict(),
        }

    def check(report: Report) -> bool:
        """Validate; say whether to stop early."""
        averaged.module.eval()
        scores = hooks.validate(averaged.module)
        is_best = scores.loss < state.best
        state.best, state.waited = (scores.loss, 0) if is_best else (state.best, state.waited + 1)
        if accelerator.is_main_process:
            if is_best:
                hooks.keep_best(averaged.module)
            hooks.on_report(report._replace(scores=scores, is_best=is_best))
            hooks.save(snapshot())
        return state.waited >= config.patience

    generator = torch.Generator()
    report = None
    try:
        while (progress := clock.progress()) < 1:
            rate = config.learning_rate_at(progress)
            for group in optimizer.param_groups:
                group["lr"] = rate
            generator.manual_seed(config.seed * 1_000_003 + state.step)
            loss = _step(model, batches.at(state.step), (config.kl.at(progress), config.kl.free_bits, generator), optimizer, accelerator, config.clip)
            averaged.update_parameters(bare)
            state.step += 1
            report = Report(state.step, state.step / len(batches), state.seconds, progress, rate, *(x.item() for x in loss))
            if not math.isfinite(report.loss):
                raise TrainingError(f"the loss is no longer a number at step {state.step}: the best model until then is kept; try a lower learning rate")
            hooks.on_report(report)
            if progress * config.checks >= state.checked + 1:
                state.checked = int(progress * config.checks)
                if check(report):
                    return Outcome("no longer better", state)
        if report is not None:
            check(report)
    except KeyboardInterrupt:
        if accelerator.is_main_process:
            hooks.save(snapshot())
        return Outcome("interrupted", state)
    return Outcome("done", state)


def _step(model, batch, how, optimizer, accelerator, clip) -> Loss:  # type: ignore[no-untyped-def]
    loss = model(batch, *how)
    accelerator.backward(loss.total)
    accelerator.clip_grad_norm_(model.parameters(), clip)
    optimizer.step()
    optimizer.zero_grad()
    return loss
