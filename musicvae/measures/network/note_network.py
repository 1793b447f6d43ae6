"""The networks of the note decoder: what it knows of a row, what it remembers, what it may say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from musicvae.measures.data.batch import MAX_PLACE, Layout
from musicvae.measures.data.config import KEYS, MeasureVAEConfig
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.network.look_back import LookBack, Past, Spots, join, sight_as_read
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.readouts import Asked, PartReadout, Readout, SeatReadout, When
from musicvae.measures.network.recurrence import RecurrentBlock
from musicvae.measures.network.rows import At
from musicvae.measures.rolls.drawing import longest
from musicvae.measures.rolls.note_inputs import SPREAD, PartRinging, PartSymbols, SeatRinging, SeatSymbols
from musicvae.measures.rolls.odds import Odds, find_odds
from musicvae.measures.rolls.seat_sketch import SeatSketch, SeatSketchDecoder
from musicvae.measures.rolls.sketch import Sketch, SketchDecoder
from musicvae.measures.rolls.slices import cut_measures
from musicvae.measures.rolls.unrolled_code import UnrolledCode
from musicvae.midi.songs.instruments import KINDS_OF_INSTRUMENT, NOBODY


class Layer(NamedTuple):
    """One layer of the decoder: a recurrence, and after every other one a look at the rows before."""

    block: RecurrentBlock
    look: LookBack | None


class Told(NamedTuple):
    """What the decoder is told of M measures before a note of them is heard."""

    measure_steps: Tensor  # (M,)
    band: Tensor  # (M, parts) who plays; (M, 0) where that is the same in all songs
    of_measure: Tensor  # (M, H) meter, place, key, style and freedom
    unrolled: Tensor  # (M, slices, width) what the code says of each slice
    given: Tensor  # (M,) bool: where there is a code
    keys: Tensor  # (M, t, KEY) by which states find steps (`When`)
    odds: Odds | None  # what the sketch lets expect

    def at(self, measure: Tensor, step: Tensor) -> At:
        """Return where rows lie, given measures and steps."""
        return At(measure, step, self.measure_steps[measure] - step)

    def expected(self, at: At) -> Tensor | None:
        """Return the log-odds of what is said at rows by the sketch, (rows, symbols); None without one."""
        return None if self.odds is None else self.odds.of_symbols(at.measure, at.step)


class KnownRows(NamedTuple):
    """Rows of which it is known what they say."""

    x: Tensor  # (R, B, H) what is known before each
    said: Tensor  # (R, B, H) what is said at each, for the rows after it to look back at
    spots: Spots
    exists: Tensor | None  # (R, B, 1) bool: where it is false they leave no trace; None: all exist


class States(NamedTuple):
    """The states of some rows, and what is left of them for those after."""

    of_row: Tensor  # (R, B, H)
    recurrent: tuple[Tensor, ...]  # of each block, after the last row, (B, H)
    pasts: tuple[Past, ...]  # with these rows; none where many ways have one past


class NoteNetwork(nn.Module):
    """What says the notes of songs, from onset to onset.

    Parameters
    ----------
    config : MeasureVAEConfig
    """

    def __init__(self, config: MeasureVAEConfig) -> None:
        super().__init__()
        hidden, steps = config.hidden, config.steps
        self.alphabet = config.alphabet
        self.reach = config.reach
        self.position = nn.Embedding(steps, hidden)
        self.meter = nn.Embedding(len(config.meters) + 1, hidden)
        self.place = nn.Embedding(MAX_PLACE + 1, hidden)
        self.left = nn.Embedding(MAX_PLACE + 1, hidden)
        self.key = nn.Embedding(KEYS + 1, hidden)
        self.style = nn.Embedding(len(config.styles) + 1, hidden)
        self.code = UnrolledCode(config.latent, cut_measures(config), hidden, config.codes_a_measure)
        self.when = When(hidden, steps, cut_measures(config), self.code.width)
        in_bands = self.alphabet.has_bands
        self.symbol = (SeatSymbols if in_bands else PartSymbols)(self.alphabet, hidden)
        self.length = nn.Embedding(steps + 1, hidden)
        self.ringing = (SeatRinging if in_bands else PartRinging)(self.alphabet, hidden)
        self.unheard = nn.Parameter(torch.zeros(hidden))
        self.blocks = nn.ModuleList(RecurrentBlock(hidden, config.dropout) for _ in range(config.layers))
        # Every other block looks back, the last one among them. Model folders know blocks and looks by these
        # names, and trainings by this order; all else goes by `layers`.
        looks = range(config.layers - 1, -1, -2) if config.reach else ()
        self.looks = nn.ModuleDict({str(index): LookBack(hidden, steps, config.reach) for index in looks})
        self.say_symbol = (SeatReadout if in_bands else PartReadout)(self.alphabet, hidden)
        self.say_length = Readout(hidden, steps)
        slices = cut_measures(config)
        self.sketch = SeatSketch(slices) if in_bands else Sketch(self.alphabet, slices)
        self.trust = nn.Parameter(torch.ones(()))
        # Who plays: at each seat, a row for every kind of instrument.
        self.band = nn.Embedding(self.alphabet.parts * KINDS_OF_INSTRUMENT, hidden) if in_bands else None
        for embedding in (self.position, self.meter, self.place, self.left):
            nn.init.normal_(embedding.weight, std=SPREAD)
        self.symbol.begin()
        nn.init.normal_(self.length.weight, std=SPREAD)
        if self.band is not None:
            nn.init.zeros_(self.band.weight)
        for embedding in (self.key, self.style):
            nn.init.zeros_(embedding.weight)

    @property
    def layers(self) -> list[Layer]:
        """The layers, in the order in which rows go through them."""
        looks = {int(index): cast(LookBack, look) for index, look in self.looks.items()}
        blocks = enumerate(cast(Sequence[RecurrentBlock], self.blocks))
        return [Layer(block, looks.get(index)) for index, block in blocks]

    def tell(self, layout: Layout, noisy: NoisyCodes) -> Told:
        """Return what is known of measures before a note of them is heard."""
        of_measure = self.meter(layout.meter) + self.place(layout.place) + self.left(layout.left)
        of_measure = of_measure + self.key(layout.key) + self.style(layout.style)
        if self.band is not None:
            seat = torch.arange(self.alphabet.parts, device=layout.band.device)
            who = self.band(layout.band + seat * KINDS_OF_INSTRUMENT)
            of_measure = of_measure + (who * (layout.band != NOBODY).unsqueeze(2)).sum(1)
        steps = longest(layout)
        unrolled = self.code.unroll(noisy.code, steps, layout.vacant)
        return Told(
            layout.measure_steps,
            layout.band,
            of_measure + self.code.level(noisy).to(of_measure),
            unrolled,
            noisy.given,
            self.when.keys(unrolled, noisy.given, steps),
            self._odds(layout, noisy),
        )

    def conditions(self, told: Told, at: At) -> Tensor:
        """Return what is known of rows before any note is heard, shape (rows, H)."""
        of_code = self.code(told.unrolled, at.measure, at.step) * told.given[at.measure].unsqueeze(1)
        return self.position(at.step) + told.of_measure[at.measure] + of_code

    def rolls(self, layout: Layout, code: Tensor) -> Tensor:
        """Return how likely each cell of the sketches of codes is, shape (B * N, t, 2, lanes)."""
        return self.sketching().say(layout, code).rolls()

    def sketching(self) -> SketchDecoder:
        """Return the part of the decoder that says rolls straight from codes."""
        if isinstance(self.sketch, SeatSketch):
            return SeatSketchDecoder(self.code.spread, self.sketch, self.alphabet)
        return SketchDecoder(self.code.spread, self.sketch)

    def _odds(self, layout: Layout, noisy: NoisyCodes) -> Odds | None:
        """Return what sketches of the codes let expect; None where there are no codes.

        The more noise there is in a code, the less its sketch counts.
        """
        if not bool(noisy.given.any()):
            return None
        share = (noisy.freedom * (torch.pi / 2)).cos().square() * noisy.given
        sketched = self.sketching().say(layout, noisy.code)
        return find_odds(sketched, self.trust * share, layout.measure_steps)

    def note(self, symbol: Tensor, length: Tensor, band: Tensor) -> Tensor:
        """Return the embedding of notes, (notes, H), given who plays in their measures, (notes, parts)."""
        of_note: Tensor = self.symbol(symbol, band) + self.length(length)
        return of_note

    def blank(self, songs: int) -> Memory:
        """Return the memory of songs not yet begun."""
        nothing = self.unheard.new_zeros(songs, len(self.unheard))
        return Memory(
            recurrent=(nothing,) * len(self.blocks),
            pasts=tuple(layer.look.blank(songs) for layer in self.layers if layer.look is not None),
            heard=nothing,
            ringing=torch.zeros(songs, self.alphabet.lanes, dtype=torch.bool, device=nothing.device),
            measures=torch.zeros(songs, dtype=torch.long, device=nothing.device),
        )

    def states(self, known: KnownRows, memory: Memory) -> States:
        """Run recurrence and looking back over rows, given the memory from before the first one."""
        pasts: list[Past] = []

        def look_back(look: LookBack, past: Past, x: Tensor) -> Tensor:
            pasts.append(join(past, look.remember(x, known.said, known.spots)))
            seen = sight_as_read(known.spots, pasts[-1].measure, self.reach)
            return look(x, look.wanted(known.spots), pasts[-1], seen)

        x, recurrent = self._through_layers(known, memory, look_back)
        return States(x, recurrent, tuple(pasts))

    def states_of_ways(self, known: KnownRows, memory: Memory) -> Tensor:
        """Return the states of B ways to go on with one song, whose memory it is, shape (R, B, H).

        As `states` with a memory copied to them all, without the copies.
        """

        def look_back(look: LookBack, past: Past, x: Tensor) -> Tensor:
            return look.among(x, known.spots, past, look.remember(x, known.said, known.spots))

        return self._through_layers(known, memory, look_back)[0]

    def _through_layers(
        self, known: KnownRows, memory: Memory, look_back: Callable[[LookBack, Past, Tensor], Tensor]
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return the states after the last layer, and of each recurrence the last one, (B, H)."""
        x, recurrent, pasts = known.x, [], iter(memory.pasts)
        for (block, look), start in zip(self.layers, memory.recurrent, strict=True):
            x, state = block(x, start, known.exists)
            recurrent.append(state)
            if look is not None:
                x = look_back(look, next(pasts), x)
        return x, tuple(recurrent)

    def next_symbol(self, context: Tensor, band: Tensor, expected: Tensor | None) -> Tensor:
        """Return the logits of what is said next, from states that have heard what their rows said so far.

        Parameters
        ----------
        context : Tensor, shape (predictions, H)
        band : Tensor of int, shape (predictions, parts)
            Who plays in their measures (`Told.band`).
        expected : Tensor, shape (predictions, symbols), or None
            What the sketch lets expect at their rows (`Told.expected`), which is the same for all of a row.
        """
        logits: Tensor = self.say_symbol(context, band)
        return logits if expected is None else logits + expected

    def next_length(self, context: Tensor, symbol: Tensor, at: At, told: Told) -> Tensor:
        """Return the logits of lengths 1, 2, ... of notes said from such states, up to the barline."""
        of_symbol = self.symbol(symbol, told.band[at.measure])
        logits: Tensor = self.say_length(context + of_symbol.to(context))
        if told.odds is not None:
            expected = told.odds.of_lengths(at.measure, at.step, symbol % self.alphabet.lanes, at.room)
            logits = logits[:, : expected.shape[1]] + expected
        too_long = torch.arange(logits.shape[1], device=logits.device) >= at.room.unsqueeze(1)
        return logits.masked_fill(too_long, -torch.inf)

    def next_onset(self, asked: Asked, likeness: Tensor, at: At, free: Tensor, told: Told) -> Tensor:
        """Return the logits of when something begins next, as `When.logits`, the sketch's odds added."""
        logits = self.when.logits(asked, likeness, at, free)
        return logits if told.odds is None else logits + told.odds.of_when(at.measure)
