"""The chance by which readings of a measure are drawn: the same for a song, whatever is read beside it.

Many readings of many songs are drawn side by side, and songs say other numbers of notes. If all drew from one
sequence of numbers, a note more in one song would change all others. So each reading has a sequence of its
own, which depends on its number alone, and each song goes through it at its own pace.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.core.categorical import draw_gumbel

# Choices after which the sequence of a reading begins again: it bounds the memory; few measures have as many.
CHOICES = 256


class ReadingChance:
    """Chooses for rows that are each a reading of a song.

    Parameters
    ----------
    readings : int
        Of each song, which has as many rows, one after another.
    songs : int
    symbols : int
        The most that there is to choose from.
    seed : int
    """

    def __init__(self, readings: int, songs: int, symbols: int, seed: int) -> None:
        self.reading = torch.arange(readings).repeat(songs)
        self.chosen = torch.zeros(readings * songs, dtype=torch.long)  # choices made so far
        self.drawn = 0  # choices that chance is drawn for
        self.chance = torch.empty(CHOICES, readings, symbols)
        self.generator = torch.Generator().manual_seed(seed)

    def of(self, rows: Tensor) -> _OfRows:
        """Return what chooses for some of the rows."""
        return _OfRows(self, rows.cpu())

    def next(self, rows: Tensor, symbols: int) -> Tensor:
        """Return the chance of the next choice of some rows, Gumbel variables of shape (rows, symbols)."""
        choice = self.chosen[rows] % CHOICES
        while self.drawn <= int(choice.max()):
            self.chance[self.drawn] = draw_gumbel(self.chance.shape[1:], self.generator)
            self.drawn += 1
        self.chosen[rows] += 1
        return self.chance[choice, self.reading[rows], :symbols]


class _OfRows(NamedTuple):
    """Chooses for some of the rows."""

    all: ReadingChance
    rows: Tensor

    def of(self, rows: Tensor) -> _OfRows:
        return _OfRows(self.all, self.rows[rows.cpu()])

    def pick(self, logits: Tensor) -> Tensor:
        """Return one index for each row of logits, drawn at temperature 1."""
        return (logits + self.all.next(self.rows, logits.shape[1]).to(logits.device)).argmax(-1)
