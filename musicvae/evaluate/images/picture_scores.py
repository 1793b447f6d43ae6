"""What a model of pictures is worth: how well it says pictures back, and how likely it finds them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.core.active_units import count_active
from musicvae.core.marginal import log_marginal
from musicvae.images.data.batches import in_batches
from musicvae.images.model import PictureAutoencoder
from musicvae.images.scoring import Score, mean_of, psnr, score_batch

BATCH = 250  # pictures scored at once
MARGINAL_BATCH = 50  # pictures whose codes are drawn at once
# Likelihoods that give pictures a probability, of which bits can be counted; the others give a density.
DISCRETE = {"bernoulli", "logistic"}

Progress = Callable[[int, int], None]


class PictureEvaluation(NamedTuple):
    """How a model does on some pictures: means over pictures; None is what its kind does not have.

    `mse` and `psnr` (dB) are of the expected picture of a picture's code (a VAE's posterior mean) against the
    picture as the likelihood knows it: for a Bernoulli, binarised. A DAE is given the picture
    corrupted, and `corrupted_psnr` is what it starts from. `distortion_nats` is -log p(x | z) with z drawn.
    `elbo_nats` is -(rate + distortion); `nll_nats` is -log p(x) by importance sampling; bits per
    dimension are of that, or of the ELBO without it.
    """

    pictures: int
    mse: float
    psnr: float
    corrupted_psnr: float | None
    distortion_nats: float
    rate_nats: float | None
    elbo_nats: float | None
    nll_nats: float | None
    nll_standard_error: float | None
    importance_samples: int
    bits_per_dimension: float | None
    active_units: int | None


def evaluate_pictures(
    model: PictureAutoencoder,
    pictures: np.ndarray,
    importance_samples: int = 0,
    seed: int = 0,
    on_progress: Progress = lambda done, total: None,
) -> PictureEvaluation:
    """Return how a model does on pictures of its size, uint8, shape (N, C, H, W).

    Whatever is drawn (a dynamic binarisation, noise, codes) is drawn by the seed.

    Raises
    ------
    SupportError
        If the model's likelihood can give the pictures no probability.
    """
    generator = torch.Generator().manual_seed(seed)
    device = next(model.parameters()).device
    x = torch.cat([model.observe(batch, generator) for batch in in_batches(pictures, BATCH, device)])
    score, corrupted = _score(model, x, generator)
    is_vae = model.config.autoencoder == "vae"
    likely = _marginals(model, x, importance_samples, generator, on_progress) if is_vae else None
    elbo = -(score.rate + score.distortion)
    nll = None if likely is None else -float(likely.mean())
    bits = (-elbo if nll is None else nll) / (model.config.pixels * math.log(2))
    return PictureEvaluation(
        pictures=len(x),
        mse=score.squared_error,
        psnr=score.decibels,
        corrupted_psnr=corrupted,
        distortion_nats=score.distortion,
        rate_nats=score.rate if is_vae else None,
        elbo_nats=elbo if is_vae else None,
        nll_nats=nll,
        nll_standard_error=None if likely is None else _standard_error(likely),
        importance_samples=importance_samples if is_vae else 0,
        bits_per_dimension=bits if is_vae and model.config.likelihood in DISCRETE else None,
        active_units=_count_active(model, x) if is_vae else None,
    )


def _standard_error(likely: Tensor) -> float | None:
    """Return how far their mean may be off; one picture tells nothing of that."""
    return float(likely.std()) / math.sqrt(len(likely)) if len(likely) > 1 else None


def _score(model: PictureAutoencoder, x: Tensor, generator: torch.Generator) -> tuple[Score, float | None]:
    """Return the mean score, and for a DAE the mean PSNR of what it was given."""
    total, corrupted_decibels = Score(), 0.0
    is_dae = model.config.autoencoder == "dae"
    for batch in x.split(BATCH):
        corrupted = model.corruption(batch, generator) if is_dae else None
        if corrupted is not None:
            corrupted_decibels += float(psnr(batch, corrupted).sum())
        total += score_batch(model, batch, generator, corrupted)
    return mean_of(total), corrupted_decibels / len(x) if is_dae else None


@torch.inference_mode()
def _marginals(
    model: PictureAutoencoder, x: Tensor, samples: int, generator: torch.Generator, on_progress: Progress
) -> Tensor | None:
    """Return log p(x) of each picture, or None if no samples are asked for."""
    if not samples:
        return None
    found = []
    for batch in x.split(MARGINAL_BATCH):
        posterior = model.posterior(batch)
        found.append(log_marginal(model.decoder.log_prob, posterior, batch, samples, generator))
        on_progress(min(len(found) * MARGINAL_BATCH, len(x)), len(x))
    return torch.cat(found)


@torch.inference_mode()
def _count_active(model: PictureAutoencoder, x: Tensor) -> int:
    return count_active(torch.cat([model.encode(batch) for batch in x.split(BATCH)]))
