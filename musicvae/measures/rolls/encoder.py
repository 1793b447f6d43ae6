"""Encoder: the piano roll of a measure -> features, straight and without recurrence."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.rolls.drawing import draw_places, draw_rolls, inside, longest
from musicvae.measures.rolls.pitch_table import RollReader
from musicvae.measures.rolls.slices import SLICE_WIDTH, Slices


class MeasureEncoder(nn.Module):
    """Read measures into features; a measure is read alone, so its code says nothing of its neighbours.

    Each slice is read by itself, and one matrix gathers them: what lies where in the measure is all there
    is to say, and neither convolutions over steps nor a recurrence found it as soon (see `docs/design.md`).

    Parameters
    ----------
    alphabet : Alphabet
    slices : Slices
    hidden : int
        Width of a slice.
    features : int
        Width of a measure, F.
    """

    def __init__(self, alphabet: Alphabet, slices: Slices, hidden: int, features: int) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.slices = slices
        self.read = RollReader(alphabet, hidden)
        self.place = nn.Linear(slices.size * 2 * alphabet.parts, hidden) if slices.size > 1 else None
        self.position = nn.Parameter(torch.randn(slices.most, hidden) * 0.02)
        self.mix = nn.Sequential(
            nn.LayerNorm(hidden), nn.Linear(hidden, 2 * hidden), nn.GELU(), nn.Linear(2 * hidden, hidden)
        )
        self.norm = nn.LayerNorm(hidden)
        self.narrow = nn.Linear(hidden, SLICE_WIDTH)
        self.gather = nn.Linear(SLICE_WIDTH * slices.most, features)
        self.norm_out = nn.LayerNorm(features)

    def forward(self, batch: MeasureBatch) -> Tensor:
        """Return features of each measure, shape (B * N, F)."""
        # No nonlinearity but a norm from slices through the code to the decoder's steps: a straight way for
        # the gradient, without which the decoder is done learning to ignore codes before they say anything.
        return self.gather_slices(self.read_rows(batch))

    def read_rows(self, batch: MeasureBatch) -> Tensor:
        """Return what is read of the slices of each measure, side by side, (B * N, slices * SLICE_WIDTH)."""
        return self.read_slices(batch).flatten(1)

    def read_slices(self, batch: MeasureBatch) -> Tensor:
        """Return what is read of each slice, shape (B * N, slices, SLICE_WIDTH): 0 after a measure's end."""
        steps = longest(batch.layout)
        count = self.slices.count(steps)
        rolls = draw_rolls(batch, self.alphabet, count, self.slices.size)
        x = self.read(rolls, batch.layout.band) + self.position[:count]
        if self.place is not None:
            x = x + self.place(self.slices.cut(draw_places(batch, self.alphabet, steps).flatten(2)))
        x = x + self.mix(x)
        begun = inside(batch.layout, steps)[:, :: self.slices.size]
        read: Tensor = self.narrow(self.norm(x)) * begun.unsqueeze(-1)
        return read

    def gather_slices(self, read: Tensor) -> Tensor:
        """Return features (M, F) of measures whose slices lie side by side, (M, slices * SLICE_WIDTH)."""
        weight = self.gather.weight[:, : read.shape[1]]  # slices after the longest measure are silent
        features: Tensor = self.norm_out(functional.linear(read, weight, self.gather.bias))
        return features
