"""Codes of bands: those of their seats side by side, each made of what is played there.

What is read of one who plays is the same at every seat and in every company, so a bass line that comes with
new drums is no new measure. With one code for all that sounds together, measures of unseen songs came back
far worse (`docs/design.md` has figures); and a part can be changed by its code alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musicvae.core.bottleneck import Coded, OneBottleneck
from musicvae.core.gaussian import DiagonalGaussian
from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.seat_measures import ALONE, SeatMeasures, split_layout, split_notes
from musicvae.measures.rolls.encoder import MeasureEncoder
from musicvae.measures.rolls.instrument_tables import InstrumentReader
from musicvae.measures.rolls.slices import Slices


class SeatEncoder(MeasureEncoder):
    """Read each seat of measures by itself.

    Parameters
    ----------
    alphabet : Alphabet
        Of the band.
    slices : Slices
    hidden : int
        Width of a slice.
    features : int
        Width of a seat's measure, F.
    """

    def __init__(self, alphabet: Alphabet, slices: Slices, hidden: int, features: int) -> None:
        super().__init__(ALONE, slices, hidden, features)
        self.read = InstrumentReader(hidden)
        self.band = alphabet

    def forward(self, batch: MeasureBatch) -> Tensor:
        """Return features of each measure, shape (B * N, seats, F): 0 where nobody sits."""
        seats = split_layout(batch.layout)
        features = self.gather_slices(self._read_seats(batch, seats))
        return seats.put(features, len(batch.layout.exists))

    def read_rows(self, batch: MeasureBatch) -> Tensor:
        """Return what is read of the slices of each seat where somebody sits, side by side."""
        return self._read_seats(batch, split_layout(batch.layout))

    def _read_seats(self, batch: MeasureBatch, seats: SeatMeasures) -> Tensor:
        return super().read_rows(split_notes(batch, seats, self.band))


class SeatBottleneck(nn.Module):
    """Features (M, seats, F) -> codes (M, seats * Z) and what they cost; nothing where nobody sits.

    Parameters
    ----------
    of_seat : OneBottleneck
        Features (..., F) -> codes (..., Z).
    """

    def __init__(self, of_seat: OneBottleneck) -> None:
        super().__init__()
        self.of_seat = of_seat

    def forward(self, features: Tensor, generator: torch.Generator | None = None) -> Coded:
        """Return the codes of measures, to learn from: see `core.bottleneck`."""
        return _join(features, *self.of_seat(features, generator))

    def encode(self, features: Tensor) -> Coded:
        """Return the codes that stand for the features."""
        return _join(features, *self.of_seat.encode(features))

    def posterior(self, features: Tensor) -> DiagonalGaussian:
        """Return q(z | x): N(0, I) of a seat where nobody sits.

        Raises
        ------
        ValueError
            If codes are points.
        """
        return DiagonalGaussian(*_join(features, *self.of_seat.posterior(features)))


def _join(features: Tensor, *of_seats: Tensor) -> Coded:
    """Return what is said of seats (M, seats, Z) side by side, 0 where nobody sits."""
    somebody = features.detach().any(-1, keepdim=True)
    return Coded(*((each * somebody).flatten(-2) for each in of_seats))
