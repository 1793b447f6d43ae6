"""A model on disk: a folder that can rebuild its model and cannot run code.

::

    config.json         what the model is, with a format number
    model.safetensors   its weights
    README.md           its card: data, licence, scores
    tunes.safetensors   titles and fingerprints of what it was trained on, where there are songs
    plans.json          how these repeat themselves
    codes.safetensors   where the codes of the training pictures lie, where there are pictures

Beside them a training leaves `training.pt`, from which it can go on; like the weights it is read
as plain tensors and numbers, never as code.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from musicvae.core.model_store.model_files import CARD, CONFIG, TRAINING, WEIGHTS
from musicvae.errors import ModelError
from musicvae.outputs import new_file

FORMAT = 2


class StoredModel(NamedTuple):
    """What a model folder holds."""

    config: dict[str, Any]
    weights: dict[str, Tensor]


def save_config(folder: Path, kind: str, config: dict[str, Any]) -> None:
    """Write what a model is; `kind` says which loader it is for."""
    with new_file(folder / CONFIG) as temporary:
        temporary.write_text(
            json.dumps({"format": FORMAT, "kind": kind, **config}, indent=2) + "\n", encoding="utf-8"
        )


def save_weights(folder: Path, weights: dict[str, Tensor]) -> None:
    """Write a model's weights."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()}
    with new_file(folder / WEIGHTS) as temporary:
        # As bytes, so that a full disk is an error of the operating system and the file has its usual rights.
        temporary.write_bytes(safetensors.torch.save(plain))


def save_card(folder: Path, text: str) -> None:
    """Write a model's card."""
    with new_file(folder / CARD) as temporary:
        temporary.write_text(text, encoding="utf-8")


def load_model_folder(folder: Path, kind: str, command: str = "musicvae train SONGS") -> StoredModel:
    """Return what a model folder holds; `command` is what trains such a model, for those who have none.

    Raises
    ------
    ModelError
        If it is missing, incomplete, damaged, of another kind or of a newer format.
    """
    if not folder.is_dir():
        raise ModelError(
            f"no model folder {folder}: train one by `{command} --out {folder}`, or name another"
        )
    for name in (CONFIG, WEIGHTS):
        if not (folder / name).is_file():
            raise ModelError(
                f"{folder} holds no {name}: name a folder that `musicvae train` wrote, or train again"
            )
    config = _load_config(folder)
    if config.pop("format", None) != FORMAT:
        raise ModelError(
            f"{folder} was written in another format than {FORMAT}: update musicvae, or train again"
        )
    if config.pop("kind", None) != kind:
        raise ModelError(f"{folder} does not hold a model of {kind}: name a folder that does")
    try:
        return StoredModel(config, safetensors.torch.load_file(folder / WEIGHTS))
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"the weights in {folder} are damaged or cut off: copy the folder anew, or train again"
        ) from error


def _load_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{folder / CONFIG} cannot be read: copy the folder anew, or train again") from error
    if not isinstance(config, dict):
        raise ModelError(f"{folder / CONFIG} does not describe a model: copy the folder anew, or train again")
    return config


def save_training(folder: Path, state: dict[str, Any], config: Any = None) -> None:
    """Write the whole state of a training, and if it is given the config (a dataclass) of its model."""
    if config is not None:
        state = {**state, "config": json.dumps(asdict(config))}  # as text: a state holds plain things
    buffer = io.BytesIO()
    torch.save(state, buffer)
    with new_file(folder / TRAINING) as temporary:
        temporary.write_bytes(buffer.getbuffer())


def load_training_of(
    folder: Path, config: Any, refusal: str, not_told_once: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the state that a training of a model of this config left.

    Parameters
    ----------
    folder : Path
    config : dataclass
    refusal : str
        What is said if the training was of another model.
    not_told_once : mapping, optional
        Fields that an earlier version did not write, and what they stood for.

    Raises
    ------
    ModelError
        If there is none, it is damaged, or of another model.
    """
    state = load_training(folder)
    try:
        told = {**(not_told_once or {}), **json.loads(state.pop("config", None) or "{}")}
    except (TypeError, ValueError) as error:
        raise ModelError(refusal) from error
    if told != json.loads(json.dumps(asdict(config))):
        raise ModelError(refusal)
    return state


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
    damaged = ModelError(f"{path} is damaged: begin anew by --force, or train into another --out")
    try:
        state = torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:  # whatever bytes there are, torch's reader ends in one of many ways
        raise damaged from error
    if not isinstance(state, dict):
        raise damaged
    return state
