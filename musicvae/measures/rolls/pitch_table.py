"""Piano rolls read and drawn by one table of pitches: what is known of a pitch is known once.

A roll has a cell for every pitch of every part and plane. With a weight for each of them, what is learned of
a pitch in one part is unknown in the others; with a table that all parts and planes share, unseen measures
come back far sooner (`docs/design.md` has figures).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from musicvae.measures.data.alphabet import Alphabet
from musicvae.midi.songs.pianoroll import PLANES

WIDTH = 48  # of the table: numbers by which a pitch is known, Q
HEIGHT = 0.42  # of its waves at first: few cells are on, and of lower waves they would be a whisper
MOSTLY_OFF = -4.0  # the logit of every cell at first: one cell in fifty is on


class RollReader(nn.Module):
    """Cells of slices -> what is read of each.

    Parameters
    ----------
    alphabet : Alphabet
    hidden : int
        H.
    """

    def __init__(self, alphabet: Alphabet, hidden: int) -> None:
        super().__init__()
        self.rows = PLANES * alphabet.parts
        self.table = nn.Parameter(make_waves(alphabet.pitches))
        self.mix = nn.Linear(self.rows * WIDTH, hidden)
        nn.init.normal_(self.mix.weight, std=3 / (self.rows * WIDTH) ** 0.5)

    def forward(self, rolls: Tensor, band: Tensor | None = None) -> Tensor:
        """Return what is read of cells (..., planes * parts * 128), shape (..., H)."""
        by_row = rolls.unflatten(-1, (self.rows, -1)) @ self.table
        read: Tensor = self.mix(by_row.flatten(-2))
        return read


class RollDrawer(nn.Module):
    """What is known of slices -> the logits of their cells. Arguments as for `RollReader`."""

    def __init__(self, alphabet: Alphabet, hidden: int) -> None:
        super().__init__()
        self.rows = PLANES * alphabet.parts
        self.split = nn.Linear(hidden, self.rows * WIDTH)
        self.table = nn.Parameter(make_waves(alphabet.pitches).T.contiguous())
        self.bias = nn.Parameter(torch.full((self.rows * alphabet.pitches,), MOSTLY_OFF))

    def forward(self, x: Tensor, band: Tensor | None = None) -> Tensor:
        """Return the logits of the cells of slices (..., H), shape (..., planes * parts * 128)."""
        by_row = self.split(x).unflatten(-1, (self.rows, WIDTH)) @ self.table
        return by_row.flatten(-2) + self.bias


def make_waves(pitches: int) -> Tensor:
    """Return the table at first, (pitches, WIDTH): waves over the pitches, from slow ones to the quickest.

    Pitches that are near each other are known alike, and none as another; a transposition turns the waves
    by angles that are the same for all. Random numbers are learned from far later (`docs/design.md`).
    """
    frequency = (torch.arange(WIDTH // 2) + 0.5) / WIDTH
    angle = 2 * math.pi * torch.arange(pitches).unsqueeze(1) * frequency
    return HEIGHT * torch.cat([angle.cos(), angle.sin()], dim=1)
