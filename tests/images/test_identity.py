from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from musicvae.images.data.config import PictureConfig
from musicvae.images.identity import identify
from musicvae.images.model import PictureAutoencoder
from musicvae.images.model_folder import load_model, save_model

DAE = PictureConfig("dae", 8, latent=3, width=4, std=0.1, noise=0.3)


def make_model(config: PictureConfig, seed: int = 0) -> PictureAutoencoder:
    torch.manual_seed(seed)
    return PictureAutoencoder(config)


def test_a_model_is_the_same_wherever_it_lies(tmp_path: Path) -> None:
    model = make_model(DAE)
    save_model(model, tmp_path)
    assert identify(load_model(tmp_path)) == identify(model)


def test_other_weights_are_another_model_and_other_noise_in_training_is_not() -> None:
    assert identify(make_model(DAE, 1)) != identify(make_model(DAE))
    assert identify(make_model(replace(DAE, std=0.2))) != identify(make_model(DAE))
    assert identify(make_model(replace(DAE, noise=0.5))) == identify(make_model(DAE))
