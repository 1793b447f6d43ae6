"""Codes before the first update: the principal components of the music, read and unrolled.

From what is read of slices through the code to what it is unrolled to there are linear maps alone, one after
the other. Where all of them begin at random, none learns what to say before the others do: a training stands
still for hundreds of updates, how many the seed decides, and what it has found by then comes back worse in
unseen measures (`docs/design.md` has figures). But the best linear code of anything is known without a single
update (Baldi and Hornik 1989): its principal components. So a code begins as those of what the encoder reads
in slices, and is unrolled to that again.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from musicvae.core.bottleneck import FIRST_LOG_VAR, OneBottleneck
from musicvae.core.linear_fits import find_components, fit_ridge
from musicvae.measures.data.windows import WindowBatches
from musicvae.measures.rolls.encoder import MeasureEncoder

MEASURES = 1024  # to find components in: more of them, and codes begin no better
LEAST = 0.01  # of the largest deviation: components below say more of chance than of music
NOISE = math.exp(FIRST_LOG_VAR)  # variance of the first codes of a VAE; points are unrolled as if they had it
TINY = 1e-6  # in place of the deviation of measures that are all the same: any number but 0 will do


@torch.no_grad()
def begin_codes(
    encoder: MeasureEncoder, bottleneck: OneBottleneck, spread: nn.Linear, batches: WindowBatches
) -> None:
    """Let codes say, from the first update on, what the measures of some batches differ by most.

    The end of the encoder, the means of codes and their unrolling are changed in place; all else stays as it
    was drawn. All must be on one device, and the processor has all that is needed.

    Parameters
    ----------
    encoder : MeasureEncoder
    bottleneck : OneBottleneck
        Of a measure, or of what is played at a seat.
    spread : nn.Linear
        See `rolls.sketch.unroll`.
    batches : WindowBatches
        Of measures to learn from.
    """
    rows = _read(encoder, batches)
    mean, directions, deviations = find_components(rows, encoder.gather.out_features)
    to_components = directions / deviations.clamp(min=LEAST * float(deviations[0]) + TINY).unsqueeze(1)
    encoder.gather.weight[: len(directions)] = to_components
    encoder.gather.bias[: len(directions)] = -(to_components @ mean)
    bottleneck.begin_as_features()
    codes = bottleneck.encode(encoder.gather_slices(rows)).code
    weight, bias = fit_ridge(codes, rows / (rows.std() + TINY), NOISE)
    spread.weight.copy_(weight)
    spread.bias.copy_(bias)


def _read(encoder: MeasureEncoder, batches: WindowBatches) -> Tensor:
    """Return what is read of the slices of measures, side by side, (measures, slices * SLICE_WIDTH)."""
    width = encoder.gather.in_features
    rows: list[Tensor] = []
    while sum(map(len, rows)) < MEASURES:
        read = encoder.read_rows(batches.at(len(rows)))
        rows.append(nn.functional.pad(read, (0, width - read.shape[1])))
    return torch.cat(rows)
