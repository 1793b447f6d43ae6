"""How likely measures are under the model, with their codes and without: exact, in nats."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass

import torch

from musicvae.core.bottleneck import Coded
from musicvae.core.corruption import Corruption, keep
from musicvae.core.training.kl_rise import Worth
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.noisy_codes import absent, exact
from musicvae.measures.network.model import MeasureVAE


@dataclass(frozen=True)
class Score:
    """Sums over measures, nats; adding two scores adds the sums.

    Parameters
    ----------
    measures, steps : int
    distortion : float
        -log p(measure | its code, measures before), code = posterior mean.
    rate : float
        KL of the posterior from N(0, I); 0 for points.
    without_code : float
        -log p(measure | measures before); NaN where the decoder cannot do without codes.
    """

    measures: int = 0
    steps: int = 0
    distortion: float = 0.0
    rate: float = 0.0
    without_code: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(*(mine + yours for mine, yours in zip(astuple(self), astuple(other), strict=True)))


@torch.inference_mode()
def score_batches(
    model: MeasureVAE,
    batches: Iterable[MeasureBatch],
    corruption: Corruption[MeasureBatch] = keep,
    generator: torch.Generator | None = None,
) -> Score:
    """Return the score of some batches, which are encoded as the corruption leaves them."""
    coded = ((batch, model.code(corruption(batch, generator))) for batch in batches)
    return sum((score_batch(model, *pair) for pair in coded), Score())


@torch.inference_mode()
def weigh_codes(model: MeasureVAE, batch: MeasureBatch) -> Worth:
    """Return what a batch costs with its codes and without, nats a measure."""
    score = score_batch(model, batch, model.code(batch))
    return Worth(score.distortion / score.measures, score.without_code / score.measures)


@torch.inference_mode()
def score_batch(model: MeasureVAE, batch: MeasureBatch, coded: Coded) -> Score:
    """Return the score of a batch, given the codes of its measures, shape (B * N, Z)."""
    exists = batch.layout.exists
    given = model.decoder.log_prob(batch, exact(coded.code))
    without = math.nan
    if model.decoder.hears_song:
        free = model.decoder.log_prob(batch, absent(coded.code))
        without = -float(free[exists].sum())
    return Score(
        measures=int(exists.sum()),
        steps=int(batch.layout.measure_steps.sum()),
        distortion=-float(given[exists].sum()),
        rate=float(coded.kl[exists].sum()),
        without_code=without,
    )
