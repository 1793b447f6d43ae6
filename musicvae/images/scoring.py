"""What a model is worth on pictures: errors of what it says back, and the ELBO with its two terms."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass

import torch
from torch import Tensor

from musicvae.images.model import PictureAutoencoder

PEAK_DECIBELS = 100.0  # of a picture said back without any error


@dataclass(frozen=True)
class Score:
    """Sums over pictures; adding two scores adds the sums.

    Parameters
    ----------
    pictures : int
    squared_error : float
        Mean squared error of each picture, its pixels in [0, 1].
    decibels : float
        Peak signal-to-noise ratio of each picture, dB.
    distortion : float
        -log p(x | z), nats, with a drawn z.
    rate : float
        KL of the posterior from N(0, I), nats; 0 where codes are points.
    """

    pictures: int = 0
    squared_error: float = 0.0
    decibels: float = 0.0
    distortion: float = 0.0
    rate: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(*(mine + yours for mine, yours in zip(astuple(self), astuple(other), strict=True)))


def psnr(original: Tensor, copy: Tensor) -> Tensor:
    """Return the peak signal-to-noise ratio of each picture in [0, 1], dB, shape (B,)."""
    error = (original - copy).float().pow(2).flatten(1).mean(-1)
    return -10 * torch.log10(error.clamp(min=10 ** (-PEAK_DECIBELS / 10)))


@torch.inference_mode()
def score_batch(
    model: PictureAutoencoder, x: Tensor, generator: torch.Generator, corrupted: Tensor | None = None
) -> Score:
    """Return the score of pictures as the likelihood knows them.

    Parameters
    ----------
    model : PictureAutoencoder
    x : Tensor, shape (B, C, H, W)
    generator : torch.Generator
        Of the codes that the distortion is taken with.
    corrupted : Tensor, optional
        What the encoder is given in place of x.
    """
    features = model.encoder(x if corrupted is None else corrupted)
    coded = model.bottleneck(features, generator)
    copy = model.decode(model.bottleneck.encode(features).code)
    return Score(
        pictures=len(x),
        squared_error=float((x - copy).pow(2).flatten(1).mean(-1).sum()),
        decibels=float(psnr(x, copy).sum()),
        distortion=-float(model.decoder.log_prob(x, coded.code).sum()),
        rate=float(coded.kl.sum()),
    )


def score_batches(model: PictureAutoencoder, batches: Iterable[Tensor], generator: torch.Generator) -> Score:
    """Return the score of some batches of pictures in [0, 1]; a DAE is given them corrupted."""
    total = Score()
    for pictures in batches:
        x = model.observe(pictures, generator)
        corrupted = model.corruption(x, generator) if model.config.autoencoder == "dae" else None
        total += score_batch(model, x, generator, corrupted)
    return total


def mean_of(score: Score) -> Score:
    """Return the means over pictures; `pictures` stays their number."""
    count = score.pictures or math.nan
    _, *sums = astuple(score)
    return Score(score.pictures, *(value / count for value in sums))
