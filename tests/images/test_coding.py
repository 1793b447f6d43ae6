from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from musicvae.images.coding import say_back
from musicvae.images.data.batches import to_floats
from musicvae.images.data.config import PictureConfig
from musicvae.images.model import PictureAutoencoder, make_corruption

AE = PictureConfig("ae", 12, latent=3, width=4, std=0.1)


@pytest.fixture
def model() -> PictureAutoencoder:
    torch.manual_seed(0)
    return PictureAutoencoder(AE).eval()


def test_figures_are_of_the_clean_pictures(
    model: PictureAutoencoder, discs: Callable[..., np.ndarray]
) -> None:
    pictures = discs(3)
    chance = torch.Generator().manual_seed(0)
    said = say_back(model, pictures, make_corruption(0.3, 0.0), chance)
    clean = to_floats(pictures)
    assert torch.equal(said.clean, clean)
    assert torch.equal(said.given, make_corruption(0.3, 0.0)(clean, torch.Generator().manual_seed(0)))
    noise = (said.given - clean).pow(2).mean((1, 2, 3))
    assert said.psnr_before == pytest.approx((-10 * noise.log10()).tolist(), rel=1e-4)
    errors = (said.copies - clean).pow(2).mean((1, 2, 3))
    assert said.squared_errors == pytest.approx(errors.tolist(), rel=1e-4)
    assert said.psnr_after == pytest.approx((-10 * errors.log10()).tolist(), rel=1e-4)


def test_without_noise_the_encoder_is_given_the_clean_pictures(
    model: PictureAutoencoder, discs: Callable[..., np.ndarray]
) -> None:
    said = say_back(model, discs(3))
    assert torch.equal(said.given, said.clean)
    assert torch.allclose(said.copies, model.decode(model.encode(said.clean)))
