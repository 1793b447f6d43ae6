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
from musicvae.measures.network.readouts import Asked, Readout, When
from musicvae.measures.network.recurrence import RecurrentBlock
from musicvae.measures.network.rows import At
from musicvae.measures.rolls.drawing import longest
from musicvae.measures.rolls.odds import Odds, find_odds
from musicvae.measures.rolls.sketch import Sketch, SketchDecoder, unroll
from musicvae.measures.rolls.slices import SLICE_WIDTH, Slices, cut_measures

LEVELS = 4  # waves by which the freedom of a measure is told


class UnrolledCode(nn.Module):
    """Spread a code over the slices of its measure, so that each row finds what concerns it."""

    def __init__(self, latent: int, slices: Slices, hidden: int) -> None:
        super().__init__()
        self.slices = slices
        self.spread = nn.Linear(latent, slices.most * SLICE_WIDTH)
        self.to_hidden = nn.Linear(SLICE_WIDTH, slices.size * hidden)
        self.freedom = nn.Linear(LEVELS, hidden, bias=False)
        self.absent = nn.Parameter(torch.zeros(hidden))

    def unroll(self, code: Tensor, steps: int) -> Tensor:
        """Return codes (M, Z) over the slices of t steps of their measures, (M, slices, SLICE_WIDTH)."""
        return unroll(self.spread, code, self.slices.count(steps))

    def forward(self, unrolled: Tensor, at: At) -> Tensor:
        """Return what rows are told by codes that are unrolled, (rows, H)."""
        size = self.slices.size
        of_slice: Tensor = self.to_hidden(unrolled[at.measure, at.step // size])
        row = torch.arange(len(of_slice), device=of_slice.device)
        return of_slice.unflatten(1, (size, -1))[row, at.step % size]

    def level(self, noisy: NoisyCodes) -> Tensor:
        """Return how free each measure is, (M, H): nothing at 0, and at 1 that there is no code."""
        wave = torch.arange(1, LEVELS + 1, device=noisy.freedom.device) * (torch.pi / 2)
        level: Tensor = self.freedom(torch.sin(noisy.freedom.unsqueeze(1) * wave))
        return torch.where(noisy.given.unsqueeze(1), level, self.absent.to(level))


class Layer(NamedTuple):
    """One layer of the decoder: a recurrence, and after every other one a look at the rows before."""

    block: RecurrentBlock
    look: LookBack | None


class Told(NamedTuple):
    """What the decoder is told of M measures before a note of them is heard."""

    measure_steps: Tensor  # (M,)
    of_measure: Tensor  # (M, H) meter, place, key, style and freedom
    unrolled: Tensor  # (M, slices, SLICE_WIDTH) what the code says of each slice
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
        self.code = UnrolledCode(config.latent, cut_measures(config), hidden)
        self.when = When(hidden, steps, cut_measures(config))
        self.symbol = nn.Embedding(self.alphabet.end, hidden)
        self.length = nn.Embedding(steps + 1, hidden)
        self.ringing = nn.Linear(self.alphabet.lanes, hidden, bias=False)
        self.unheard = nn.Parameter(torch.zeros(hidden))
        self.blocks = nn.ModuleList(RecurrentBlock(hidden, config.dropout) for _ in range(config.layers))
        # Every other block looks back, the last one among them. Model folders know blocks and looks by these
        # names, and trainings by this order; all else goes by `layers`.
        looks = range(config.layers - 1, -1, -2) if config.reach else ()
        self.looks = nn.ModuleDict({str(index): LookBack(hidden, steps, config.reach) for index in looks})
        self.say_symbol = Readout(hidden, self.alphabet.size)
        self.say_length = Readout(hidden, steps)
        self.sketch = Sketch(self.alphabet, cut_measures(config))
        self.trust = nn.Parameter(torch.ones(()))
        for embedding in (self.position, self.meter, self.place, self.left, self.symbol, self.length):
            nn.init.normal_(embedding.weight, std=0.1)
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
        steps = longest(layout)
        unrolled = self.code.unroll(noisy.code, steps)
        return Told(
            layout.measure_steps,
            of_measure + self.code.level(noisy).to(of_measure),
            unrolled,
            noisy.given,
            self.when.keys(unrolled, noisy.given, steps),
            self._odds(layout, noisy),
        )

    def conditions(self, told: Told, at: At) -> Tensor:
        """Return what is known of rows before any note is heard, shape (rows, H)."""
        of_code = self.code(told.unrolled, at) * told.given[at.measure].unsqueeze(1)
        return self.position(at.step) + told.of_measure[at.measure] + of_code

    def rolls(self, layout: Layout, code: Tensor) -> Tensor:
        """Return how likely each cell of the sketches of codes is, shape (B * N, t, 2, lanes)."""
        return self.sketching().say(layout, code).rolls()

    def sketching(self) -> SketchDecoder:
        """Return the part of the decoder that says rolls straight from codes."""
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

    def note(self, symbol: Tensor, length: Tensor) -> Tensor:
        """Return the embedding of notes, shape (notes, H)."""
        return self.symbol(symbol) + self.length(length)

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

    def next_symbol(self, context: Tensor, expected: Tensor | None) -> Tensor:
        """Return the logits of what is said next, from states that have heard what their rows said so far.

        Parameters
        ----------
        context : Tensor, shape (predictions, H)
        expected : Tensor, shape (predictions, symbols), or None
            What the sketch lets expect at their rows (`Told.expected`), which is the same for all of a row.
        """
        logits: Tensor = self.say_symbol(context)
        return logits if expected is None else logits + expected

    def next_length(self, context: Tensor, symbol: Tensor, at: At, told: Told) -> Tensor:
        """Return the logits of lengths 1, 2, ... of notes said from such states, up to the barline."""
        logits: Tensor = self.say_length(context + self.symbol(symbol).to(context))
        if told.odds is not None:
            expected = told.odds.of_lengths(at.measure, at.step, symbol % self.alphabet.lanes, at.room)
            logits = logits[:, : expected.shape[1]] + expected
        too_long = torch.arange(logits.shape[1], device=logits.device) >= at.room.unsqueeze(1)
        return logits.masked_fill(too_long, -torch.inf)

    def next_onset(self, asked: Asked, likeness: Tensor, at: At, free: Tensor, told: Told) -> Tensor:
        """Return the logits of when something begins next, as `When.logits`, the sketch's odds added."""
        logits = self.when.logits(asked, likeness, at, free)
        return logits if told.odds is None else logits + told.odds.of_when(at.measure)
