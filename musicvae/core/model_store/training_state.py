"""What a training leaves in its model folder to go on from: `training.pt`.

Like the weights it is read as plain tensors and numbers, never as code. While a training goes on, and where
it was interrupted, the file holds all that is needed to go on exactly: four times as much as the model. Once
it has ended it is compacted to an eighth of that: a longer one begins nearly where it ended.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn

from musicvae.core.model_store.model_family import Model, ModelFamily
from musicvae.core.model_store.model_files import TRAINING
from musicvae.core.model_store.model_folder import load_model, save_model
from musicvae.core.training.devices import Accelerator
from musicvae.core.training.fit import Hooks
from musicvae.core.training.report import Report, Scores
from musicvae.errors import ModelError
from musicvae.outputs import new_file

FIRST = 2  # the version of trainings that do not say theirs
_COMPACT = "compact"
_COUNT = "n_averaged"  # the steps that the average of the weights has followed, as torch calls them


class Session(NamedTuple):
    """Where a model is trained, by what, and who is told of it.

    Parameters
    ----------
    folder : Path
        The model's; must exist.
    accelerator : Accelerator
    on_report : callable
    resume : bool
        Whether to go on with the training that the folder holds.
    learned : str
        Tells what is learned from and what is held back, if that is not in the model's config.
    """

    folder: Path
    accelerator: Accelerator
    on_report: Callable[[Report], None] = lambda report: None
    resume: bool = False
    learned: str = ""

    @property
    def share(self) -> tuple[int, int]:
        """Which part of each batch this process takes, and of how many."""
        return self.accelerator.process_index, self.accelerator.num_processes

    def hooks(
        self, model: Model, family: ModelFamily[Model], validate: Callable[[nn.Module], Scores]
    ) -> Hooks:
        """Return what `fit` calls so that the folder holds the best model so far, and how to go on."""
        return Hooks(
            validate=validate,
            on_report=self.on_report,
            keep_best=lambda best: save_model(cast(Model, best), self.folder, family),
            save=lambda state: self.save(state, model, family),
        )

    def save(self, state: dict[str, Any], model: Model, family: ModelFamily[Model]) -> None:
        """Write the state of a training."""
        save_training(self.folder, {**state, "learned": self.learned}, model.config, family.version)

    def begin(self, model: Model, family: ModelFamily[Model]) -> dict[str, Any] | None:
        """Return the state to go on from, or None for a new training.

        Raises
        ------
        ModelError
            If there is none to resume, it is damaged, of a model with another config or version, or learned
            from what is now held back.
        """
        if not self.resume:
            return None
        state = load_training(self.folder)
        try:
            fields = json.loads(state.pop("config", None) or "{}")
            if fields:
                family.require_version(self.folder, fields.pop("format", FIRST))
            config = family.parse_config(fields)
        except (TypeError, ValueError, KeyError, AttributeError):
            config = None
        if config == model.config and state.pop(_COMPACT, False):
            kept = load_model(self.folder, family)
            config, state = kept.config, _expand(state, kept.state_dict())
        if config is None:
            raise _damaged(self.folder / TRAINING)
        if config != model.config:
            raise ModelError(
                f"{self.folder} was trained on other {family.kind} or with other sizes:"
                f" resume with the same {family.trained_on} and options"
            )
        if state.pop("learned", self.learned) != self.learned:
            raise ModelError(
                f"{self.folder} learned from {family.trained_on} that are now held back to score it:"
                f" resume with the same {family.trained_on}, --seed and --validation"
            )
        return state


def save_training(folder: Path, state: dict[str, Any], config: Any = None, version: int = FIRST) -> None:
    """Write the whole state of a training, and if they are given config and version of its model."""
    if config is not None:
        fields = {"format": version, **asdict(config)}
        state = {**state, "config": json.dumps(fields)}  # as text: a state holds plain things
    buffer = io.BytesIO()
    torch.save(state, buffer)
    with new_file(folder / TRAINING) as temporary:
        temporary.write_bytes(buffer.getbuffer())


def compact_training(folder: Path) -> None:
    """Leave of the state of a training that has ended what going on needs most. Its model must be there.

    The weights stay, in half precision. Their average goes, since the model is that. So does the optimizer's
    memory: it looks back over some fifty steps, and is soon there again. Whoever goes on has patience again.

    Raises
    ------
    ModelError
        If there is no state of a training, or it is damaged.
    """
    state = load_training(folder)
    if _COMPACT in state:
        return
    weights = {name: _in(torch.float16, tensor) for name, tensor in state["model"].items()}
    count = {_COUNT: state["averaged"][_COUNT]}
    optimizer = {**state["optimizer"], "state": {}}
    kept = {**state, "model": weights, "averaged": count, "optimizer": optimizer}
    save_training(folder, {**kept, _COMPACT: True, "state": {**state["state"], "waited": 0}})


def _expand(state: dict[str, Any], averaged: dict[str, Tensor]) -> dict[str, Any]:
    """Return the state of a training that was compacted, given the weights of its model."""
    weights = {name: _in(torch.float32, tensor) for name, tensor in state["model"].items()}
    wrapped = {f"module.{name}": tensor for name, tensor in averaged.items()}
    return {**state, "model": weights, "averaged": {**state["averaged"], **wrapped}}


def _in(precision: torch.dtype, tensor: Tensor) -> Tensor:
    """Return a tensor in a precision, if it is one of fractions."""
    return tensor.to(precision) if tensor.is_floating_point() else tensor


def load_training(folder: Path) -> dict[str, Any]:
    """Return the state that a training left.

    Raises
    ------
    ModelError
        If there is none, or it is damaged.
    """
    path = folder / TRAINING
    if not path.is_file():
        raise ModelError(f"{folder} holds no training to resume: leave --resume out, or name another folder")
    try:
        state = torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:  # whatever bytes there are, torch's reader ends in one of many ways
        raise _damaged(path) from error
    if not isinstance(state, dict):
        raise _damaged(path)
    return state


def _damaged(path: Path) -> ModelError:
    return ModelError(f"{path} is damaged: begin anew by --force, or train into another --out")
