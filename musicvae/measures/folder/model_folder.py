"""A music model's folder: config, weights and card, read without running anything in it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from musicvae.core.model_store.model_folder import load_model_folder, save_config, save_weights
from musicvae.errors import ModelError
from musicvae.measures.data.config import MeasureVAEConfig, SongKind
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.songs.song import Part

KIND = "music"


def save_model(model: MeasureVAE, folder: Path) -> None:
    """Write a model's config and weights to a folder. Inverse of `load_model`."""
    save_weights(folder, model.state_dict())
    save_config(folder, KIND, asdict(model.config))


def load_model(folder: Path, device: torch.device | str = "cpu") -> MeasureVAE:
    """Return the model that a folder holds, ready to write music.

    Raises
    ------
    ModelError
        If the folder is missing, damaged, of another kind or of a newer format.
    """
    stored = load_model_folder(folder, KIND)
    damaged = ModelError(
        f"config and weights in {folder} do not fit each other: copy the folder anew, or train again"
    )
    try:
        config = _config(stored.config)
        # The initial weights are thrown away: they draw on nobody's chance.
        with torch.random.fork_rng(devices=[]):
            model = MeasureVAE(config)
        model.load_state_dict(stored.weights, assign=True)
    except (TypeError, ValueError, KeyError, RuntimeError) as error:
        raise damaged from error
    return model.float().to(device).eval().requires_grad_(False)


def _config(fields: dict[str, Any]) -> MeasureVAEConfig:
    """Return the config that JSON holds: lists are tuples again, parts are Parts, kinds are Kinds."""
    tuples = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    tuples["parts"] = tuple(Part(**part) for part in fields["parts"])
    tuples["kinds"] = tuple(SongKind(*kind) for kind in fields["kinds"])
    return MeasureVAEConfig(**{**fields, **tuples})
