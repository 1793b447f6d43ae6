"""A picture model's folder: config and weights, read without running anything in it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import torch

from musicvae.core.model_store.model_folder import load_model_folder, save_config, save_weights
from musicvae.errors import ModelError
from musicvae.images.data.config import PictureConfig
from musicvae.images.model import PictureAutoencoder

KIND = "pictures"


def save_model(model: PictureAutoencoder, folder: Path) -> None:
    """Write a model's config and weights to a folder. Inverse of `load_model`."""
    save_weights(folder, model.state_dict())
    config = asdict(model.config)
    # "kind" in the file says which loader a folder is for.
    save_config(folder, KIND, {"autoencoder": config.pop("kind"), **config})


def load_model(folder: Path, device: torch.device | str = "cpu") -> PictureAutoencoder:
    """Return the model that a folder holds, ready to use.

    Raises
    ------
    ModelError
        If the folder is missing, damaged, of another kind or of a newer format.
    """
    stored = load_model_folder(folder, KIND, "musicvae images train DATA")
    damaged = ModelError(
        f"config and weights in {folder} do not fit each other: copy the folder anew, or train again"
    )
    try:
        config = PictureConfig(kind=stored.config.pop("autoencoder"), **stored.config)
        # The initial weights are thrown away: they draw on nobody's chance.
        with torch.random.fork_rng(devices=[]):
            model = PictureAutoencoder(config)
        model.load_state_dict(stored.weights)
    except (TypeError, ValueError, KeyError, RuntimeError) as error:
        raise damaged from error
    return model.float().to(device).eval().requires_grad_(False)
