from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from musicvae.core.autoencoder import Autoencoder
from musicvae.images.data.batches import in_batches, to_floats
from musicvae.images.data.config import PictureConfig
from musicvae.images.model import PictureAutoencoder
from musicvae.images.scoring import Score, mean_of, psnr, score_batch, score_batches

Draw = Callable[..., np.ndarray]
VAE = PictureConfig("vae", 12, latent=3, width=4, likelihood="logistic")


def make(config: PictureConfig) -> PictureAutoencoder:
    torch.manual_seed(0)
    return PictureAutoencoder(config).eval()


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_a_psnr_is_ten_decibels_for_each_tenth_of_the_squared_error() -> None:
    black = torch.zeros(4, 1, 2, 2)
    copies = torch.tensor([1.0, 0.1**0.5, 0.1, 0.0])[:, None, None, None].expand(4, 1, 2, 2)
    torch.testing.assert_close(psnr(black, copies), torch.tensor([0.0, 10.0, 20.0, 100.0]))


def test_the_terms_of_a_score_are_those_of_the_loss(discs: Draw) -> None:
    model, x = make(VAE), to_floats(discs(6))
    with torch.no_grad():
        loss = Autoencoder.forward(model, x, generator=seeded())
    score = mean_of(score_batch(model, x, seeded()))
    assert score.rate == pytest.approx(loss.rate.item(), rel=1e-5)
    assert score.distortion == pytest.approx(loss.distortion.item(), rel=1e-5)
    error = (x - model.decode(model.encode(x))).pow(2).mean()
    assert score.squared_error == pytest.approx(error.item(), rel=1e-5)


def test_scores_of_batches_add_up(discs: Draw) -> None:
    model, pictures = make(replace(VAE, autoencoder="ae")), discs(7)
    whole = score_batches(model, in_batches(pictures, 7), seeded())
    parts = score_batches(model, in_batches(pictures, 3), seeded())
    assert whole.pictures == parts.pictures == 7
    assert parts.distortion == pytest.approx(whole.distortion, rel=1e-5)
    assert Score() + whole == whole


def test_a_dae_is_scored_on_what_it_makes_of_corrupted_pictures(discs: Draw) -> None:
    pictures = discs(8)
    dae = make(PictureConfig("dae", 12, latent=3, width=4, std=0.1, noise=0.5))
    clean = score_batch(dae, to_floats(pictures), seeded())
    assert score_batches(dae, in_batches(pictures, 8), seeded()).squared_error != clean.squared_error


def test_only_a_vae_has_posteriors(discs: Draw) -> None:
    x = to_floats(discs(2))
    assert make(VAE).posterior(x).mean.shape == (2, 3)
    with pytest.raises(ValueError, match="only a VAE"):
        make(replace(VAE, autoencoder="ae")).posterior(x)
