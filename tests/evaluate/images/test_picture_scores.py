from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from musicvae.errors import SupportError
from musicvae.evaluate.images.picture_scores import evaluate_pictures
from musicvae.images.data.batches import to_floats
from musicvae.images.data.config import PictureConfig
from musicvae.images.model import PictureAutoencoder
from musicvae.images.scoring import psnr

VAE = PictureConfig("vae", 8, latent=3, width=4, likelihood="bernoulli", binarise="dynamic")
DAE = PictureConfig("dae", 8, latent=3, width=4, std=0.1, noise=0.3)
PICTURES = np.random.default_rng(0).integers(0, 256, (20, 1, 8, 8)).astype(np.uint8)


def make(config: PictureConfig) -> PictureAutoencoder:
    torch.manual_seed(0)
    return PictureAutoencoder(config).eval()


def test_a_vae_has_an_elbo_and_a_likelihood_above_it() -> None:
    scores = evaluate_pictures(make(VAE), PICTURES, importance_samples=200)
    assert scores.rate_nats is not None
    assert scores.elbo_nats == pytest.approx(-(scores.rate_nats + scores.distortion_nats))
    assert scores.nll_nats is not None
    assert scores.nll_nats < scores.rate_nats + scores.distortion_nats + 0.5
    assert scores.bits_per_dimension == pytest.approx(scores.nll_nats / (64 * math.log(2)))
    assert scores.nll_standard_error is not None
    assert scores.nll_standard_error > 0
    assert scores.active_units in range(4)
    assert (scores.pictures, scores.importance_samples) == (20, 200)


def test_a_single_picture_has_no_standard_error() -> None:
    scores = evaluate_pictures(make(VAE), PICTURES[:1], importance_samples=2)
    assert scores.nll_nats is not None
    assert scores.nll_standard_error is None


def test_a_decoder_that_ignores_codes_has_the_marginal_likelihood_of_its_one_distribution() -> None:
    model = make(replace(VAE, binarise="threshold"))
    for name, weight in model.named_parameters():
        if name.startswith(("decoder", "bottleneck")):  # the posterior is the prior
            weight.data.zero_()
    scores = evaluate_pictures(model, PICTURES, importance_samples=20)
    assert scores.distortion_nats == pytest.approx(64 * math.log(2), rel=1e-5)
    assert scores.nll_nats == pytest.approx(64 * math.log(2), rel=1e-5)
    assert scores.bits_per_dimension == pytest.approx(1, rel=1e-5)


def test_without_samples_bits_are_those_of_the_elbo() -> None:
    scores = evaluate_pictures(make(VAE), PICTURES)
    assert scores.nll_nats is None
    assert scores.elbo_nats is not None
    assert scores.bits_per_dimension == pytest.approx(-scores.elbo_nats / (64 * math.log(2)))


def test_a_density_has_no_bits() -> None:
    scores = evaluate_pictures(make(replace(VAE, likelihood="continuous", binarise=None)), PICTURES, 2)
    assert scores.nll_nats is not None
    assert scores.bits_per_dimension is None


def test_a_dae_is_scored_from_noisy_pictures_and_has_no_rate() -> None:
    model = make(DAE)
    scores = evaluate_pictures(model, PICTURES, importance_samples=5)
    x = to_floats(PICTURES)
    noisy = model.corruption(x, torch.Generator().manual_seed(0))
    assert scores.corrupted_psnr == pytest.approx(psnr(x, noisy).mean().item(), rel=1e-5)
    denoised = model.decode(model.encode(noisy))
    assert scores.psnr == pytest.approx(psnr(x, denoised).mean().item(), rel=1e-5)
    assert scores.mse == pytest.approx((x - denoised).pow(2).mean().item(), rel=1e-5)
    nothing = (scores.rate_nats, scores.elbo_nats, scores.nll_nats, scores.bits_per_dimension)
    assert nothing == (None,) * 4
    assert scores.active_units is None


def test_the_seed_draws_it_all_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    first = evaluate_pictures(make(VAE), PICTURES, 3, 1, lambda done, total: told.append((done, total)))
    assert first == evaluate_pictures(make(VAE), PICTURES, 3, 1)
    assert first != evaluate_pictures(make(VAE), PICTURES, 3, 2)
    assert told[-1] == (20, 20)


def test_pictures_outside_of_the_support_are_refused() -> None:
    model = make(replace(VAE, binarise="threshold"))
    model.config = replace(VAE, likelihood="continuous", binarise=None)  # does not binarise
    with pytest.raises(SupportError, match="0 or 1"):
        evaluate_pictures(model, PICTURES)
