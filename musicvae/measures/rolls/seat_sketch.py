"""The sketch of a band: that of each seat from its own code, by what sketches any of them."""

from __future__ import annotations

from torch import Tensor, nn

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.data.seat_measures import ALONE, SeatMeasures, split_layout, split_notes
from musicvae.measures.rolls.drawing import longest
from musicvae.measures.rolls.instrument_tables import InstrumentDrawer
from musicvae.measures.rolls.sketch import HIDDEN, OFF, Sketch, SketchDecoder, Sketched
from musicvae.measures.rolls.slices import Slices
from musicvae.measures.rolls.unrolled_code import unroll


class SeatSketch(Sketch):
    """Unrolled codes of seats -> the cells of their rolls, and the places within slices.

    Parameters
    ----------
    slices : Slices
    """

    def __init__(self, slices: Slices) -> None:
        super().__init__(ALONE, slices)
        self.layers[-1] = InstrumentDrawer(HIDDEN)


class SeatSketchDecoder(SketchDecoder):
    """Codes -> rolls of bands.

    Parameters
    ----------
    spread : nn.Linear
        See `unroll`.
    sketch : SeatSketch
    alphabet : Alphabet
    """

    def __init__(self, spread: nn.Linear, sketch: SeatSketch, alphabet: Alphabet) -> None:
        super().__init__(spread, sketch)
        self.alphabet = alphabet

    def say(self, layout: Layout, code: Tensor) -> Sketched:
        """Return what codes say of the measures of a layout."""
        seats, measures = split_layout(layout), len(layout.exists)
        cells, places, size = self._say_seats(seats, code)
        shown = seats.put(cells, measures, OFF).permute(0, 2, 3, 1, 4).flatten(3)
        if places is None:
            return Sketched(shown, None, size)
        placed = seats.put(places.squeeze(-1), measures, OFF).permute(0, 2, 3, 1)
        return Sketched(shown, placed, size)

    def log_prob(self, x: MeasureBatch, code: Tensor) -> Tensor:
        """Return the log-likelihood of the roll of each measure, nats, shape (B * N,)."""
        seats = split_layout(x.layout)
        own = self.sketch.log_prob(split_notes(x, seats, self.alphabet), self._say_seats(seats, code))
        return own.new_zeros(len(x.layout.exists)).index_add(0, seats.measure, own)

    def _say_seats(self, seats: SeatMeasures, code: Tensor) -> Sketched:
        """Return what codes say of each seat where somebody sits."""
        slices = self.sketch.slices.count(longest(seats.layout))
        said: Sketched = self.sketch(unroll(self.spread, seats.take(code), slices), seats.layout)
        return said
