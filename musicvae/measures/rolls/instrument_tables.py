"""Rolls of one seat read and drawn, whoever sits there.

All instruments share one table of pitches (`pitch_table`), and what is made of it. Drums have a table of
their own: their pitches are keys.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musicvae.measures.data.seat_measures import ALONE
from musicvae.measures.rolls.pitch_table import HEIGHT, WIDTH, RollDrawer, RollReader
from musicvae.midi.songs.instruments import DRUM_KIT, KINDS_OF_INSTRUMENT
from musicvae.midi.songs.pianoroll import PLANES


class InstrumentReader(RollReader):
    """Cells of slices -> what is read of each, given who plays.

    Parameters
    ----------
    hidden : int
        H.
    """

    def __init__(self, hidden: int) -> None:
        super().__init__(ALONE, hidden)
        self.keys = nn.Parameter(torch.randn(ALONE.pitches, WIDTH) * HEIGHT)
        self.instrument = nn.Embedding(KINDS_OF_INSTRUMENT, hidden)
        nn.init.zeros_(self.instrument.weight)

    def forward(self, rolls: Tensor, band: Tensor | None = None) -> Tensor:
        """Return what is read of cells (n, slices, planes * 128), given who plays, (n, 1); (n, slices, H)."""
        assert band is not None
        drums = _find_drums(band)
        cells = rolls.unflatten(-1, (self.rows, -1))
        by_row = cells @ self.table
        by_row = by_row.index_copy(0, drums, (cells[drums] @ self.keys).to(by_row))
        read: Tensor = self.mix(by_row.flatten(-2)) + self.instrument(band)
        return read


class InstrumentDrawer(RollDrawer):
    """What is known of slices -> the logits of their cells, given who plays.

    Parameters
    ----------
    hidden : int
        H.
    """

    def __init__(self, hidden: int) -> None:
        super().__init__(ALONE, hidden)
        self.keys = nn.Parameter(torch.randn(WIDTH, ALONE.pitches) * HEIGHT)
        self.instrument = nn.Embedding(KINDS_OF_INSTRUMENT, self.rows * WIDTH)
        self.instrument_bias = nn.Embedding(KINDS_OF_INSTRUMENT, PLANES * ALONE.pitches)
        for embedding in (self.instrument, self.instrument_bias):
            nn.init.zeros_(embedding.weight)

    def forward(self, x: Tensor, band: Tensor | None = None) -> Tensor:
        """Return the logits of the cells of slices (n, slices, H), (n, slices, planes * 128)."""
        assert band is not None
        drums = _find_drums(band)
        by_row = (self.split(x) + self.instrument(band)).unflatten(-1, (self.rows, WIDTH))
        cells = by_row @ self.table
        cells = cells.index_copy(0, drums, (by_row[drums] @ self.keys).to(cells))
        return cells.flatten(-2) + self.bias + self.instrument_bias(band)


def _find_drums(band: Tensor) -> Tensor:
    """Return which measures are of drums."""
    return (band.squeeze(1) == DRUM_KIT).nonzero().squeeze(1)
