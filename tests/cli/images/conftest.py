"""Small models of digits that have learned nothing, of every kind, each with where its codes lie."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch

from musicvae.core.model_store.model_folder import load_model, save_model
from musicvae.core.model_store.model_hash import identify
from musicvae.images.code_statistics import locate_codes, save_cloud
from musicvae.images.data.config import PictureConfig
from musicvae.images.data.read import read_pictures
from musicvae.images.model import PictureAutoencoder
from musicvae.images.picture_family import PICTURE_MODELS

CONFIGS = {
    "vae": PictureConfig("vae", 8, latent=3, width=4, likelihood="logistic"),
    "plane": PictureConfig("vae", 8, latent=2, width=4, likelihood="bernoulli", binarise="dynamic"),
    "line": PictureConfig("vae", 8, latent=1, width=4, likelihood="logistic"),
    "ae": PictureConfig("ae", 8, latent=3, width=4, std=0.1),
    "dae": PictureConfig("dae", 8, latent=3, width=4, std=0.1, noise=0.2),
    "drops": PictureConfig("dae", 8, latent=3, width=4, std=0.1, drop=0.4),
    "colour": PictureConfig("vae", 8, channels=3, latent=3, width=4, likelihood="logistic"),
}


@pytest.fixture(scope="session")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Return model folders by name; a VAE of 3 numbers is `vae`, one of 2 `plane`."""
    made = {}
    digits = read_pictures("digits")
    for name, config in CONFIGS.items():
        made[name] = tmp_path_factory.mktemp(name)
        torch.manual_seed(0)
        save_model(PictureAutoencoder(config), made[name], PICTURE_MODELS)
        if name != "colour":
            model = load_model(made[name], PICTURE_MODELS)
            save_cloud(locate_codes(model, digits), made[name], identify(model, PICTURE_MODELS))
    return made
