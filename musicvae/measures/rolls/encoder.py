"""Encoder: the piano roll of a measure -> features, straight and without recurrence."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.rolls.drawing import draw_rolls, inside, longest
from musicvae.measures.rolls.pitch_table import RollReader

NARROW = 64  # width of a step when all steps of a measure are gathered


class MeasureEncoder(nn.Module):
    """Read measures into features; a measure is read alone, so its code says nothing of its neighbours.

    Each step is read by itself, and one matrix gathers the steps: what lies where in the measure is all there
    is to say, and neither convolutions over steps nor a recurrence found it as soon (see `docs/design.md`).

    Parameters
    ----------
    alphabet : Alphabet
    steps : int
        Steps of the longest measure, T.
    hidden : int
        Width of a step.
    features : int
        Width of a measure, F.
    """

    def __init__(self, alphabet: Alphabet, steps: int, hidden: int, features: int) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.read = RollReader(alphabet, hidden)
        self.position = nn.Parameter(torch.randn(steps, hidden) * 0.02)
        self.mix = nn.Sequential(
            nn.LayerNorm(hidden), nn.Linear(hidden, 2 * hidden), nn.GELU(), nn.Linear(2 * hidden, hidden)
        )
        self.norm = nn.LayerNorm(hidden)
        self.narrow = nn.Linear(hidden, NARROW)
        self.gather = nn.Linear(NARROW * steps, features)
        self.norm_out = nn.LayerNorm(features)

    def forward(self, batch: MeasureBatch) -> Tensor:
        """Return features of each measure, shape (B * N, F)."""
        steps = longest(batch.layout)
        x = self.read(draw_rolls(batch, self.alphabet, steps)) + self.position[:steps]
        x = x + self.mix(x)
        narrow = self.narrow(self.norm(x)) * inside(batch.layout, steps).unsqueeze(-1)
        # No nonlinearity from here through the code to the decoder's steps: a straight way for the
        # gradient, without which the decoder is done learning to ignore codes before they say anything.
        weight = self.gather.weight[:, : NARROW * steps]  # steps after the longest measure are silent
        features: Tensor = self.norm_out(functional.linear(narrow.flatten(1), weight, self.gather.bias))
        return features
