"""What a training changes: the model, the moving average of its weights, and the optimizer's memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from musicvae.core.objective import Loss, Weights

BETAS = (0.9, 0.98)  # of AdamW


class Learner:
    """A model that learns batch by batch, and an average of its weights that follows.

    Parameters
    ----------
    model : nn.Module
        Trained in place.
    accelerator : Accelerator
    weight_decay : float
        Of AdamW.
    average : float
        Decay a step of the exponential moving average.
    clip : float
        The largest norm of a gradient.
    """

    def __init__(
        self, model: nn.Module, accelerator: Accelerator, weight_decay: float, average: float, clip: float
    ) -> None:
        self.accelerator = accelerator
        self.clip = clip
        # Copied before `prepare`, which wraps the model for its precision and processes.
        self.averaged = AveragedModel(model, multi_avg_fn=_follow(average)).to(accelerator.device)
        fused = accelerator.device.type in ("cpu", "cuda")  # one pass over the weights: a third of the time
        optimizer = torch.optim.AdamW(model.parameters(), betas=BETAS, weight_decay=weight_decay, fused=fused)
        self._model, self._optimizer = accelerator.prepare(model, optimizer)
        self._bare = accelerator.unwrap_model(self._model)

    def step(self, batch: Any, learning_rate: float, weights: Weights, generator: torch.Generator) -> Loss:
        """Learn from a batch; return its loss.

        Parameters
        ----------
        batch
            What the model takes.
        learning_rate : float
        weights : Weights
        generator : torch.Generator
        """
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate
        loss: Loss = self._model(batch, weights, generator)
        self.accelerator.backward(loss.total)
        self.accelerator.clip_grad_norm_(self._model.parameters(), self.clip)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self.averaged.update_parameters(self._bare)
        return loss

    def snapshot(self) -> dict[str, Any]:
        """Return all that is needed to go on, as plain tensors and numbers; valid until the next step."""
        return {
            "model": self._bare.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }

    def go_on_from(self, saved: dict[str, Any]) -> None:
        """Go on from a snapshot of a learner of the same model."""
        self._bare.load_state_dict(saved["model"])
        self.averaged.load_state_dict(saved["averaged"])
        self._optimizer.load_state_dict(saved["optimizer"])


def _follow(average: float) -> Callable[[Any, Any, Any], None]:
    """Average weights with a memory that is short at first, so that early steps are forgotten."""

    @torch.no_grad()
    def update(averaged: list[Tensor], current: list[Tensor], count: Tensor) -> None:
        weight = 1 - min(average, (1 + int(count)) / (10 + int(count)))
        torch._foreach_lerp_(averaged, current, weight)

    return update
