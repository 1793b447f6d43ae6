"""The measures of bands as measures of those who play: of each seat at which somebody sits, one by itself."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import Layout, MeasureBatch, Notes

ALONE = Alphabet(1)


class SeatMeasures(NamedTuple):
    """The n seats of M measures at which somebody sits, each as a window of one measure of one part."""

    layout: Layout
    place: Tensor  # (n,) of each the number m * seats + seat
    seats: int

    @property
    def measure(self) -> Tensor:
        """The measure that each belongs to, (n,)."""
        return self.place // self.seats

    def take(self, of_measures: Tensor) -> Tensor:
        """Return what measures (M, seats * C) say of each of these, (n, C)."""
        return of_measures.unflatten(1, (self.seats, -1)).flatten(0, 1)[self.place]

    def put(self, of_seats: Tensor, measures: int, vacant: float = 0.0) -> Tensor:
        """Return what is said of these, (n, ...), by measures and all their seats, (M, seats, ...)."""
        table = of_seats.new_full((measures * self.seats, *of_seats.shape[1:]), vacant)
        return table.index_copy(0, self.place, of_seats).unflatten(0, (measures, self.seats))


def split_layout(layout: Layout) -> SeatMeasures:
    """Return the seats of a layout's measures at which somebody sits."""
    seats = layout.band.shape[1]
    place = (~layout.vacant & layout.exists.unsqueeze(1)).flatten().nonzero().squeeze(1)
    measure = place // seats
    told = [*(field[measure] for field in layout[2:-1]), layout.band.flatten()[place, None]]
    return SeatMeasures(Layout(len(place), 1, *told), place, seats)


def split_notes(batch: MeasureBatch, into: SeatMeasures, alphabet: Alphabet) -> MeasureBatch:
    """Return the notes of a batch by the seats that its layout was split into."""
    layout, notes = batch
    number = torch.zeros_like(layout.band.flatten())
    number[into.place] = torch.arange(len(into.place), device=number.device)
    measure = number[notes.measure * into.seats + alphabet.part(notes.symbol)]
    held = (notes.symbol < alphabet.lanes).long()
    symbol = ALONE.symbols(torch.zeros_like(measure), alphabet.pitch(notes.symbol), held)
    order = torch.argsort(measure, stable=True)  # of each seat they are in order already
    fields = (measure, notes.step, notes.length, symbol)
    return MeasureBatch(into.layout, Notes(*(field[order] for field in fields)))
