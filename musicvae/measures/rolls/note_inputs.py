"""How the note decoder is told of notes and of what rings: by fixed parts, or by seats."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.rolls.pitch_table import HEIGHT, WIDTH
from musicvae.measures.rolls.seat_tables import SeatReader, SeatTables
from musicvae.midi.songs.instruments import KINDS_OF_INSTRUMENT

SPREAD = 0.1  # of embeddings at first


class PartSymbols(nn.Embedding):
    """The embedding of notes whose parts are the same in all songs.

    Parameters
    ----------
    alphabet : Alphabet
    hidden : int
        H.
    """

    def __init__(self, alphabet: Alphabet, hidden: int) -> None:
        super().__init__(alphabet.end, hidden)

    def begin(self) -> None:
        """Draw the first weights."""
        nn.init.normal_(self.weight, std=SPREAD)

    def forward(self, symbol: Tensor, band: Tensor | None = None) -> Tensor:
        """Return the embedding of notes, shape (notes, H)."""
        return super().forward(symbol)


class SeatSymbols(nn.Module):
    """The embedding of notes at seats, by tables of what is known of pitches: see `seat_tables`.

    Parameters
    ----------
    alphabet : Alphabet
    hidden : int
        H.
    """

    FEW = 64  # notes that are worked out one by one; of more all that could be is

    def __init__(self, alphabet: Alphabet, hidden: int) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.tables = SeatTables(alphabet)
        self.of_seat = nn.Parameter(torch.empty(alphabet.parts, 2, WIDTH, hidden))
        self.of_instrument = nn.Parameter(torch.empty(KINDS_OF_INSTRUMENT, 2, WIDTH, hidden))
        self.seat = nn.Parameter(torch.empty(alphabet.parts, 2, hidden))

    def begin(self) -> None:
        """Draw the first weights."""
        for weight in (self.of_seat, self.of_instrument):
            nn.init.normal_(weight, std=SPREAD / (HEIGHT**2 * WIDTH) ** 0.5)
        nn.init.normal_(self.seat, std=SPREAD)

    def forward(self, symbol: Tensor, band: Tensor) -> Tensor:
        """Return the embedding of notes, shape (notes, H).

        Parameters
        ----------
        symbol : Tensor of int, shape (notes,)
        band : Tensor of int, shape (notes, seats)
            The kind of instrument at each seat of their measures.
        """
        seat, pitch = self.alphabet.part(symbol), self.alphabet.pitch(symbol)
        begins = (symbol >= self.alphabet.lanes).long()
        kind = band.gather(1, seat.unsqueeze(1)).squeeze(1)
        if len(symbol) <= self.FEW:
            mix = self.of_seat[seat, begins] + self.of_instrument[kind, begins]
            return self.seat[seat, begins] + (self._known(seat, pitch).unsqueeze(1) @ mix).squeeze(1)
        # What each seat and each instrument could say is worked out once.
        every = torch.arange(self.alphabet.pitches, device=seat.device)
        by_seat = self._mix(torch.arange(self.alphabet.parts, device=seat.device), every, self.of_seat)
        present, number = kind.unique(return_inverse=True)
        at = torch.zeros_like(present).index_copy(0, number, seat)  # a seat of each instrument
        by_kind = self._mix(at, every, self.of_instrument[present])
        return self.seat[seat, begins] + by_seat[seat, begins, pitch] + by_kind[number, begins, pitch]

    def _mix(self, seat: Tensor, every: Tensor, weights: Tensor) -> Tensor:
        """Return what matrices (n, 2, WIDTH, H) say of all pitches of n seats, (n, 2, 128, H)."""
        known = self._known(seat.unsqueeze(1), every.expand(len(seat), -1))
        return known.unsqueeze(1) @ weights

    def _known(self, seat: Tensor, pitch: Tensor) -> Tensor:
        """Return what is known of pitches at seats, (..., WIDTH)."""
        pitches, keys = self.tables.pitches[pitch], self.tables.keys
        return pitches if keys is None else torch.where((seat == 0).unsqueeze(-1), keys[pitch], pitches)


class PartRinging(nn.Linear):
    """What rings -> hidden states, where parts are the same in all songs. Parameters as for `PartSymbols`."""

    def __init__(self, alphabet: Alphabet, hidden: int) -> None:
        super().__init__(alphabet.lanes, hidden, bias=False)

    def forward(self, ringing: Tensor, band: Tensor | None = None) -> Tensor:
        """Return what is heard of lanes that ring, (rows, L), shape (rows, H)."""
        return super().forward(ringing)


class SeatRinging(SeatReader):
    """What rings -> hidden states, given who plays. Parameters as for `PartSymbols`."""

    def __init__(self, alphabet: Alphabet, hidden: int) -> None:
        super().__init__(alphabet, 1, hidden)
