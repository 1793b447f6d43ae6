"""Rolls of seats read and drawn: what is known of a pitch, of an instrument and of a seat is known once.

Any instrument may sit at a seat. What is read of its pitches goes through a matrix of the instrument, which
is the same wherever it sits, and one of the seat, which is the same whoever sits there; both begin with the
one table of pitches (`pitch_table`). The keys of drums are no pitches, and have a table of their own.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.rolls.pitch_table import HEIGHT, MOSTLY_OFF, WIDTH, make_waves
from musicvae.midi.songs.instruments import KINDS_OF_INSTRUMENT


class SeatTables(nn.Module):
    """The tables by which the pitches of seats are known.

    Parameters
    ----------
    alphabet : Alphabet
    """

    def __init__(self, alphabet: Alphabet) -> None:
        super().__init__()
        self.pitches = nn.Parameter(make_waves(alphabet.pitches))
        keys = torch.randn(alphabet.pitches, WIDTH) * HEIGHT
        self.keys = nn.Parameter(keys) if alphabet.first_is_drums else None

    def know(self, cells: Tensor) -> Tensor:
        """Return what is known of cells (..., seats, 128), shape (..., seats, WIDTH)."""
        known = cells @ self.pitches.to(cells)
        if self.keys is None:
            return known
        return torch.cat([cells[..., :1, :] @ self.keys.to(cells), known[..., 1:, :]], dim=-2)

    def find(self, asked: Tensor) -> Tensor:
        """Return how well each cell suits what is asked of seats (..., seats, WIDTH), (..., seats, 128)."""
        found = asked @ self.pitches.T.to(asked)
        if self.keys is None:
            return found
        return torch.cat([asked[..., :1, :] @ self.keys.T.to(asked), found[..., 1:, :]], dim=-2)


class SeatReader(nn.Module):
    """Cells of seats -> what is read of them.

    Parameters
    ----------
    alphabet : Alphabet
    planes : int
    hidden : int
        H.
    """

    def __init__(self, alphabet: Alphabet, planes: int, hidden: int) -> None:
        super().__init__()
        self.shape = (planes, alphabet.parts, alphabet.pitches)
        self.tables = SeatTables(alphabet)
        std = 3 / (2 * planes * alphabet.parts * WIDTH) ** 0.5
        self.of_seat = nn.Parameter(torch.randn(planes, alphabet.parts, WIDTH, hidden) * std)
        self.of_instrument = nn.Parameter(torch.randn(planes, KINDS_OF_INSTRUMENT, WIDTH, hidden) * std)

    def forward(self, cells: Tensor, band: Tensor) -> Tensor:
        """Return what is read of cells, shape (M, ..., H).

        Parameters
        ----------
        cells : Tensor, shape (M, ..., planes * seats * 128)
        band : Tensor of int, shape (M, seats)
            The kind of instrument at each seat.
        """
        known = self.tables.know(cells.unflatten(-1, self.shape))
        present, who = present_instruments(band)
        by_instrument = _broadcast(who.mT.to(known), known) @ known
        read: Tensor = known.flatten(-3) @ self.of_seat.flatten(0, 2).to(known)
        of_instrument = self.of_instrument[:, present].flatten(0, 2)
        return read + by_instrument.flatten(-3) @ of_instrument.to(known)


class SeatDrawer(nn.Module):
    """What is known of some place -> the logits of the cells of seats there.

    Parameters
    ----------
    alphabet : Alphabet
    planes : int
    hidden : int
        H.
    mostly : float
        The logit of every cell at first.
    """

    def __init__(self, alphabet: Alphabet, planes: int, hidden: int, mostly: float = MOSTLY_OFF) -> None:
        super().__init__()
        self.tables = SeatTables(alphabet)
        std = (6 * hidden) ** -0.5  # as `nn.Linear` has it, for a sum of two
        self.of_seat = nn.Parameter(torch.randn(hidden, planes, alphabet.parts, WIDTH) * std)
        self.of_instrument = nn.Parameter(torch.randn(hidden, planes, KINDS_OF_INSTRUMENT, WIDTH) * std)
        self.seat_bias = nn.Parameter(torch.full((planes, alphabet.parts, alphabet.pitches), mostly))
        self.instrument_bias = nn.Parameter(torch.zeros(KINDS_OF_INSTRUMENT, planes, alphabet.pitches))

    def forward(self, x: Tensor, band: Tensor) -> Tensor:
        """Return the logits of cells, shape (M, ..., planes * seats * 128).

        Parameters
        ----------
        x : Tensor, shape (M, ..., H)
        band : Tensor of int, shape (M, seats)
            The kind of instrument at each seat.
        """
        present, who = present_instruments(band)
        of_seat = self.of_seat.flatten(1)
        asked = (x @ of_seat.to(x)).unflatten(-1, self.of_seat.shape[1:])
        of_instrument = self.of_instrument[:, :, present]
        by_instrument = (x @ of_instrument.flatten(1).to(x)).unflatten(-1, of_instrument.shape[1:])
        asked = asked + _broadcast(who.to(by_instrument), by_instrument) @ by_instrument
        bias = self.seat_bias + self.instrument_bias[band].transpose(1, 2)
        cells = self.tables.find(asked)
        return (cells + _broadcast(bias, cells)).flatten(-3)


def _broadcast(of_measures: Tensor, x: Tensor) -> Tensor:
    """Return what is said of measures (M, ...) with as many dimensions as x, (M, ..., ...)."""
    between = (1,) * (x.ndim - of_measures.ndim)
    return of_measures.view(len(of_measures), *between, *of_measures.shape[1:])


def present_instruments(band: Tensor) -> tuple[Tensor, Tensor]:
    """Return the kinds of instruments that there are, (k,), and which sits where, bool (M, seats, k)."""
    present = band.unique()
    return present, band.unsqueeze(-1) == present
