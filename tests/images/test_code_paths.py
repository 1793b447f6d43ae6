from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from musicvae.core.paths import slerp
from musicvae.images.code_paths import steer, walk
from musicvae.images.coding import decode_codes, draw_pictures, encode_pictures, say_back
from musicvae.images.data.config import PictureConfig
from musicvae.images.model import PictureAutoencoder

VAE = PictureConfig("vae", 12, latent=3, width=4, likelihood="logistic")
AE = replace(VAE, autoencoder="ae", likelihood="gaussian", std=0.1)


def make_model(config: PictureConfig) -> PictureAutoencoder:
    torch.manual_seed(0)
    return PictureAutoencoder(config).eval().requires_grad_(False)


@pytest.mark.parametrize("config", [VAE, AE])
def test_a_walk_ends_at_what_the_model_says_back(
    config: PictureConfig, discs: Callable[..., np.ndarray]
) -> None:
    model, ends = make_model(config), discs(2)
    shown = walk(model, ends, 3)
    assert shown.shape == (5, 1, 12, 12)
    assert torch.allclose(shown[[0, -1]], say_back(model, ends).copies, atol=1e-6)
    assert walk(model, ends, 0).shape == (2, 1, 12, 12)


def test_the_way_of_a_vae_is_a_circle_and_of_an_ae_straight(discs: Callable[..., np.ndarray]) -> None:
    for config in (VAE, AE):
        model = make_model(config)
        start, end = encode_pictures(model, discs(2))
        half = torch.tensor(0.5)
        middle = slerp(start, end, half) if config is VAE else (start + end) / 2
        assert torch.allclose(walk(model, discs(2), 1)[1], decode_codes(model, middle[None])[0], atol=1e-6)


def test_steering_by_nothing_says_the_picture_back(discs: Callable[..., np.ndarray]) -> None:
    model, pictures = make_model(VAE), discs(1)
    direction = torch.tensor([1.0, -2, 0.5])
    shown = steer(model, pictures[0], direction, (-1.0, 0.0, 2.0))
    assert torch.allclose(shown[1], say_back(model, pictures).copies[0], atol=1e-6)
    [code] = encode_pictures(model, pictures)
    assert torch.allclose(shown[2], decode_codes(model, (code + 2 * direction)[None])[0], atol=1e-6)


def test_pictures_are_coded_in_batches_of_any_number(discs: Callable[..., np.ndarray]) -> None:
    model, pictures = make_model(VAE), discs(260)
    codes = encode_pictures(model, pictures)
    assert codes.shape == (260, 3)
    assert torch.allclose(codes[255:], encode_pictures(model, pictures[255:]), atol=1e-5)
    assert decode_codes(model, codes).shape == (260, 1, 12, 12)
    drawn = [draw_pictures(model, codes[:4], torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
