"""Codes before the first update: the principal components of the music, read and unrolled.

Encoder, code and sketch are linear maps one after the other, and where all of them begin at random, none
learns what to say before the others do: a training stands still for hundreds of updates, how many the seed
decides, and what it has found by then comes back worse in unseen measures (`docs/design.md` has figures).
But the best linear code of anything is known without a single update (Baldi and Hornik 1989): its principal
components. So a code begins as those of what the encoder reads in slices, and is unrolled to that again.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from musicvae.core.bottleneck import FIRST_LOG_VAR, Bottleneck
from musicvae.core.components import find_components
from musicvae.measures.data.windows import WindowBatches
from musicvae.measures.rolls.encoder import MeasureEncoder

MEASURES = 2048  # to find components in: more of them, and codes begin no better
FAINTEST = 0.01  # of the largest deviation: components below say more of chance than of music
TINY = 1e-6


@torch.no_grad()
def begin_codes(
    encoder: MeasureEncoder, bottleneck: Bottleneck, spread: nn.Linear, batches: WindowBatches
) -> None:
    """Let codes say, from the first update on, what the measures of some batches differ by most.

    Parameters
    ----------
    encoder : MeasureEncoder
    bottleneck : Bottleneck
    spread : nn.Linear
        See `rolls.sketch.unroll`.
    batches : WindowBatches
        Of measures to learn from.
    """
    rows = _read(encoder, batches)
    mean, directions, deviations = find_components(rows, encoder.gather.out_features)
    deviations = deviations.clamp(min=FAINTEST * float(deviations[0]) + TINY)
    to_components = directions / deviations.unsqueeze(1)
    encoder.gather.weight[: len(directions)] = to_components
    encoder.gather.bias[: len(directions)] = -(to_components @ mean)
    bottleneck.begin_as_features()

    codes = bottleneck.encode(encoder.gather_slices(rows)).code
    weight, bias = _fit_linear(codes, rows / (rows.std() + TINY))
    spread.weight.copy_(weight)
    spread.bias.copy_(bias)


def _read(encoder: MeasureEncoder, batches: WindowBatches) -> Tensor:
    """Return what is read of the slices of measures, side by side, (measures, slices * SLICE_WIDTH)."""
    width = encoder.gather.in_features
    rows: list[Tensor] = []
    while sum(map(len, rows)) < MEASURES:
        read = encoder.read_slices(batches.at(len(rows))).flatten(1)
        rows.append(nn.functional.pad(read, (0, width - read.shape[1])))
    return torch.cat(rows)


def _fit_linear(codes: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Return the weight (D, Z) and bias (D,) that say rows (N, D) best by codes (N, Z) with their noise."""
    middle, mean = codes.mean(0), rows.mean(0)
    offsets = codes - middle
    noise = len(codes) * math.exp(FIRST_LOG_VAR) * torch.eye(codes.shape[1], device=codes.device)
    weight = torch.linalg.solve(offsets.T @ offsets + noise, offsets.T @ (rows - mean)).T
    return weight, mean - weight @ middle
