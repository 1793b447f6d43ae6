"""A model on disk: a folder that can rebuild its model and cannot run code.

::

    config.json         what the model is, with the kind and the version of its family
    model.safetensors   its weights
    README.md           its card: data, licence, scores
    scores.json         how it did on what training did not see, for programs; older models have none

Beside them lie the files that the family knows of what the model was trained on, and what a training
leaves to go on from (`core.model_store.training_state`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from musicvae.core.model_store.model_family import Model, ModelFamily
from musicvae.core.model_store.model_files import CARD, CONFIG, SCORES, WEIGHTS
from musicvae.errors import ModelError
from musicvae.outputs import new_file, refusing


class StoredModel(NamedTuple):
    """What a model folder holds."""

    config: dict[str, Any]
    weights: dict[str, Tensor]


def save_model(model: Model, folder: Path, family: ModelFamily[Model]) -> None:
    """Write a model's config and weights to a folder. Inverse of `load_model`.

    Scores that lie there are of the model before, and go.
    """
    with refusing(folder / SCORES):
        (folder / SCORES).unlink(missing_ok=True)
    save_weights(folder, model.state_dict())
    save_config(folder, family, asdict(model.config))


def save_config(folder: Path, family: ModelFamily[Any], config: Mapping[str, Any]) -> None:
    """Write what a model of a family is."""
    with new_file(folder / CONFIG) as temporary:
        temporary.write_text(
            json.dumps({"format": family.version, "kind": family.kind, **config}, indent=2) + "\n",
            encoding="utf-8",
        )


def save_weights(folder: Path, weights: Mapping[str, Tensor]) -> None:
    """Write a model's weights."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()}
    with new_file(folder / WEIGHTS) as temporary:
        # As bytes, so that a full disk is an error of the operating system and the file has its usual rights.
        temporary.write_bytes(safetensors.torch.save(plain))


def save_card(folder: Path, text: str) -> None:
    """Write a model's card."""
    with new_file(folder / CARD) as temporary:
        temporary.write_text(text, encoding="utf-8")


def save_scores(folder: Path, scores: Mapping[str, Any]) -> None:
    """Write how a model did, as plain numbers and texts. Inverse of `load_scores`."""
    with new_file(folder / SCORES) as temporary:
        temporary.write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")


def load_scores(folder: Path) -> dict[str, Any] | None:
    """Return how a model did; None where its folder does not say it.

    Raises
    ------
    ModelError
        If the file cannot be read.
    """
    return _load_object(folder / SCORES) if (folder / SCORES).is_file() else None


def load_model(folder: Path, family: ModelFamily[Model], device: torch.device | str = "cpu") -> Model:
    """Return the model that a folder holds, ready to use.

    Raises
    ------
    ModelError
        If the folder is missing, damaged, of another family or of another version.
    """
    stored = load_model_folder(folder, family)
    try:
        config = family.parse_config(stored.config)
        # The initial weights are thrown away: they draw on nobody's chance.
        with torch.random.fork_rng(devices=[]):
            model = family.build(config)
        model.load_state_dict(stored.weights, assign=family.mapped)
    except (TypeError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"config and weights in {folder} do not fit each other: copy the folder anew, or train again"
        ) from error
    return model.float().to(device).eval().requires_grad_(False)


def load_model_folder(folder: Path, family: ModelFamily[Any]) -> StoredModel:
    """Return what a model folder holds.

    Raises
    ------
    ModelError
        If it is missing, incomplete, damaged, of another family or of another version.
    """
    if not folder.is_dir():
        command = f"{family.trained_by} {family.trained_on.upper()}"
        raise ModelError(
            f"no model folder {folder}: train one by `{command} --out {folder}`, or name another"
        )
    for name in (CONFIG, WEIGHTS):
        if not (folder / name).is_file():
            raise ModelError(
                f"{folder} holds no {name}: name a folder that `{family.trained_by}` wrote, or train again"
            )
    config = _load_object(folder / CONFIG)
    version, kind = config.pop("format", None), config.pop("kind", None)
    if kind not in (family.kind, None):
        raise ModelError(f"{folder} does not hold a model of {family.kind}: name a folder that does")
    family.require_version(folder, version)
    try:
        return StoredModel(config, safetensors.torch.load_file(folder / WEIGHTS))
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"the weights in {folder} are damaged or cut off: copy the folder anew, or train again"
        ) from error


def _load_object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read: copy the folder anew, or train again") from error
    if not isinstance(value, dict):
        raise ModelError(f"{path} does not describe a model: copy the folder anew, or train again")
    return value
