"""`fit`: the training loop, and nothing else.

It knows no music, no pictures, no files and no screen: batches, validation, reports and checkpoints
are handed to it. Devices, precision and several processes come from an `accelerate.Accelerator`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast
from torch import nn

from musicvae.core.objective import Weights
from musicvae.core.training.kl_rise import KLRise, Worth
from musicvae.core.training.learner import Learner
from musicvae.core.training.precision import quick_products
from musicvae.core.training.report import Report, Scores
from musicvae.core.training.threads import ThreadChoice
from musicvae.core.training.train_config import TrainConfig
from musicvae.errors import TrainingError

LOOK_EVERY = 16  # steps between looks at what codes are worth


class Batches(Protocol):
    """Batches by number: one step, one batch, so that a training can go on where it stopped."""

    def __len__(self) -> int:
        """Return the steps in an epoch."""

    def at(self, step: int) -> Any:
        """Return the batch of a step, counted from the beginning of the training."""


@dataclass
class State:
    """What a training must remember to go on."""

    step: int = 0
    seconds: float = 0.0
    best: float = math.inf
    waited: int = 0
    checked: int = 0
    best_says_nothing: bool = True
    kl: dict[str, Any] = field(default_factory=lambda: vars(KLRise()))


class Hooks(NamedTuple):
    """What `fit` calls: each is a plain function.

    `weigh` says what codes are worth, given the model and a batch: where it is there, the weight of the KL
    rises by that (`kl_rise`), and without it by the clock.
    """

    validate: Callable[[nn.Module], Scores]
    on_report: Callable[[Report], None]
    keep_best: Callable[[nn.Module], None]
    save: Callable[[dict[str, Any]], None]
    weigh: Callable[[nn.Module, Any], Worth] | None = None


class Outcome(NamedTuple):
    """How a training ended."""

    reason: str  # "done", "no longer better" or "interrupted"
    state: State

    @property
    def has_model(self) -> bool:
        """Whether it came to a first validation: before it there is no model."""
        return math.isfinite(self.state.best)


class _Run:
    """One call of `fit`."""

    def __init__(
        self, learner: Learner, batches: Batches, config: TrainConfig, hooks: Hooks, state: State
    ) -> None:
        self.learner = learner
        self.batches = batches
        self.config = config
        self.hooks = hooks
        self.state = state
        self.accelerator = learner.accelerator
        self.is_main = self.accelerator.is_main_process
        self.began = time.perf_counter() - state.seconds
        self.generator = torch.Generator()
        self.checked_at = self.check_seconds = 0.0  # seconds of the training
        self.kl_rise = KLRise(**state.kl)
        self.threads = ThreadChoice()

    def train(self) -> str:
        """Train to the end; return why it ended."""
        unchecked = None
        # A training that goes on for longer than it was to be has fewer of its checks behind it.
        self.state.checked = min(self.state.checked, int(self._progress() * self.config.checks))
        # One step at least: stages before may have taken all the time, and without a step there is no model.
        while (progress := self._progress()) < self.config.end or self.state.step == 0:
            with self._threads():
                unchecked = self._step(progress)
            if self._check_is_due(progress):
                if self._stops(unchecked):
                    return "no longer better"
                unchecked = None
        if unchecked is not None:
            self._stops(unchecked)
        return "done"

    def _threads(self) -> AbstractContextManager[None]:
        """Return what sets the threads of a step; where there is no clock, as few steps differ as can be."""
        by_clock = self.config.minutes is not None and self.accelerator.device.type == "cpu"
        return self.threads.for_step(self.state.step) if by_clock else nullcontext()

    def _check_is_due(self, progress: float) -> bool:
        if progress * self.config.checks < self.state.checked + 1:
            return False
        # By the clock a validation costs training: it may take a sixth of the time, in the shortest ones too.
        by_clock = self.config.minutes is not None
        return not by_clock or self._seconds() - self.checked_at >= 5 * self.check_seconds

    def save(self) -> None:
        if self.is_main:
            self.state.kl = dict(vars(self.kl_rise))
            self.hooks.save({"state": dict(vars(self.state)), **self.learner.snapshot()})

    def _seconds(self) -> float:
        """Return the seconds spent, this session and those before it."""
        seconds = time.perf_counter() - self.began
        if self.accelerator.num_processes == 1:
            return seconds
        # By one clock for all: a process that stopped a step before the others would leave them waiting.
        return float(broadcast(torch.tensor(seconds, device=self.accelerator.device)))

    def _progress(self) -> float:
        self.state.seconds = self._seconds()
        return self.config.progress_at(self.state.seconds, self.state.step / len(self.batches))

    def _step(self, progress: float) -> Report:
        """Learn from the next batch and say how it went."""
        config, state = self.config, self.state
        learning_rate = config.learning_rate_at(progress)
        seed = config.seed * 1_000_003 + state.step
        self.generator.manual_seed(seed)
        # Anew at every step (dropout takes no generator): a training goes on as if it had never stopped.
        torch.manual_seed(seed)
        batch = self.batches.at(state.step)
        weights = Weights(self._kl_weight(batch, progress), config.kl.free_bits, config.besides_at(progress))
        loss = self.learner.step(batch, learning_rate, weights, self.generator)
        state.step += 1
        total, distortion, rate = (term.item() for term in loss)
        if not math.isfinite(total):
            raise TrainingError(
                f"the loss is no longer a number at step {state.step}: the best model until then is kept;"
                " try a lower learning rate"
            )
        epoch = state.step / len(self.batches)
        report = Report(state.step, epoch, state.seconds, progress, learning_rate, total, distortion, rate)
        if self.is_main:
            self.hooks.on_report(report)
        return report

    def _kl_weight(self, batch: Any, progress: float) -> float:
        """Return the weight of the KL for a batch, by what codes are worth now, or else by the clock."""
        config = self.config
        if self.hooks.weigh is None:
            return config.kl.at(config.along(progress))
        if self.state.step % LOOK_EVERY == 0:
            self.kl_rise.look(self.hooks.weigh(self.learner.averaged.module.eval(), batch))
        return config.kl.beta * self.kl_rise.weight

    def _stops(self, report: Report) -> bool:
        """Validate; say whether to stop early."""
        began = self._seconds()
        state, averaged = self.state, self.learner.averaged.module.eval()
        scores = self.hooks.validate(averaged)
        ranked = (scores.says_nothing, scores.loss)
        is_best = math.isfinite(scores.loss) and ranked < (state.best_says_nothing, state.best)
        state.best_says_nothing = scores.says_nothing if is_best else state.best_says_nothing
        state.best, state.waited = (scores.loss, 0) if is_best else (state.best, state.waited + 1)
        state.checked = int(report.progress * self.config.checks)
        if self.is_main:
            if is_best:
                self.hooks.keep_best(averaged)
            self.hooks.on_report(report._replace(scores=scores, is_best=is_best))
        self.save()
        self.checked_at = self._seconds()
        self.check_seconds = self.checked_at - began
        return state.waited >= self.config.patience


def fit(
    model: nn.Module,
    batches: Batches,
    config: TrainConfig,
    accelerator: Accelerator,
    hooks: Hooks,
    resume: dict[str, Any] | None = None,
    seconds: float = 0.0,
) -> Outcome:
    """Train `model` in place; the averaged weights of the best validation go to `hooks.keep_best`.

    Ctrl-C ends it too: the state is saved, and the outcome says "interrupted".

    Parameters
    ----------
    model : nn.Module
        Called as ``model(batch, weights, generator)``, it returns a Loss.
    batches : Batches
    config : TrainConfig
    accelerator : Accelerator
    hooks : Hooks
    resume : dict, optional
        What `hooks.save` was given; training goes on from there.
    seconds : float
        What stages before this one took, where it is not resumed.

    Raises
    ------
    TrainingError
        If the loss is no longer a number.
    """
    learner = Learner(model, accelerator, config.weight_decay, config.average, config.clip)
    state = State(seconds=seconds)
    if resume is not None:
        state = State(**resume["state"])
        learner.go_on_from(resume)
    run = _Run(learner, batches, config, hooks, state)
    try:
        with quick_products(accelerator.device):
            return Outcome(run.train(), state)
    except KeyboardInterrupt:
        run.save()
        return Outcome("interrupted", state)
