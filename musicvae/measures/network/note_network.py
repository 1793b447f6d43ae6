"""The networks of the note decoder: what it knows of a step, what it remembers, what it may say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from musicvae.core.training.precision import at_least_single
from musicvae.errors import ModelError
from musicvae.measures.data.batch import MAX_PLACE, Layout
from musicvae.measures.data.config import KEYS, MeasureVAEConfig
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.network.look_back import NEVER, LookBack, Past, Steps, join, sight_as_read
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.recurrence import RecurrentBlock
from musicvae.measures.rolls.drawing import longest
from musicvae.measures.rolls.odds import Odds, find_odds
from musicvae.measures.rolls.sketch import UNROLLED, Sketch, SketchDecoder, unroll
from musicvae.measures.rolls.slices import Slices, cut_measures

LEVELS = 4  # waves by which the freedom of a measure is told


class UnrolledCode(nn.Module):
    """Spread a code over the slices of its measure, so that each step finds what concerns it."""

    def __init__(self, latent: int, slices: Slices, hidden: int) -> None:
        super().__init__()
        self.slices = slices
        self.spread = nn.Linear(latent, slices.most * UNROLLED)
        self.to_hidden = nn.Linear(UNROLLED, slices.size * hidden)
        self.freedom = nn.Linear(LEVELS, hidden, bias=False)
        self.absent = nn.Parameter(torch.zeros(hidden))

    def forward(self, noisy: NoisyCodes, layout: Layout) -> Tensor:
        """Return what each step is told, shape (S * B, H)."""
        steps = longest(layout)
        unrolled = unroll(self.spread, noisy.code, self.slices.count(steps))
        told = self.slices.join(self.to_hidden(unrolled), steps)[layout.row_measure, layout.row_step]
        told = told + self._level(noisy.freedom).to(told)[layout.row_measure]
        return torch.where(noisy.given[layout.row_measure].unsqueeze(1), told, self.absent.to(told))

    def _level(self, freedom: Tensor) -> Tensor:
        """Return how free each measure is, (B * N, H): nothing at 0."""
        wave = torch.arange(1, LEVELS + 1, device=freedom.device) * (torch.pi / 2)
        return self.freedom(torch.sin(freedom.unsqueeze(1) * wave))


class Readout(nn.Module):
    """Hidden states -> logits, through one hidden layer."""

    def __init__(self, hidden: int, size: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.LayerNorm(hidden), nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, size)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return logits, float32 (or float64, where the weights are), shape (..., size)."""
        return at_least_single(self.layers(x))


class Layer(NamedTuple):
    """One layer of the decoder: a recurrence, and after every other one a look at the steps before."""

    block: RecurrentBlock
    look: LookBack | None


class At(NamedTuple):
    """Where notes are said; each of shape (rows,)."""

    measure: Tensor  # m of the layout
    step: Tensor  # since its barline
    room: Tensor  # steps to the next barline

    def select(self, rows: Tensor | slice | int) -> At:
        """Return some of the rows."""
        return At(*(field[rows] for field in self))


class KnownSteps(NamedTuple):
    """Steps of which it is known what they say."""

    x: Tensor  # (S, B, H) what is known before each
    said: Tensor  # (S, B, H) what is said at each, for the steps after it to look back at
    steps: Steps
    exists: Tensor | None  # (S, B, 1) bool: where it is false they leave no trace; None: all exist


class States(NamedTuple):
    """The states of some steps, and what is left of them for those after."""

    of_step: Tensor  # (S, B, H)
    recurrent: tuple[Tensor, ...]  # of each block, after the last step, (B, H)
    pasts: tuple[Past, ...]  # with these steps; none where many ways have one past


class NoteNetwork(nn.Module):
    """What says the notes of songs, step after step.

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
        self.sketch = Sketch(self.alphabet, cut_measures(config)) if config.sketch else None
        self.trust = nn.Parameter(torch.ones(())) if config.sketch else None
        for embedding in (self.position, self.meter, self.place, self.left, self.symbol, self.length):
            nn.init.normal_(embedding.weight, std=0.1)
        for embedding in (self.key, self.style):
            nn.init.zeros_(embedding.weight)

    @property
    def layers(self) -> list[Layer]:
        """The layers, in the order in which steps go through them."""
        looks = {int(index): cast(LookBack, look) for index, look in self.looks.items()}
        blocks = enumerate(cast(Sequence[RecurrentBlock], self.blocks))
        return [Layer(block, looks.get(index)) for index, block in blocks]

    def conditions(self, layout: Layout, noisy: NoisyCodes) -> Tensor:
        """Return what is known of each step before any note is heard, shape (S * B, H)."""
        of_measure = self.meter(layout.meter) + self.place(layout.place) + self.left(layout.left)
        of_measure = of_measure + self.key(layout.key) + self.style(layout.style)
        return self.position(layout.row_step) + of_measure[layout.row_measure] + self.code(noisy, layout)

    def cells(self, layout: Layout, code: Tensor) -> Tensor:
        """Return the logit of each cell of the sketches of codes, shape (B * N, t, 2, lanes).

        Raises
        ------
        ModelError
            As `sketching` does.
        """
        return self.sketching().cells(layout, code)

    def sketching(self) -> SketchDecoder:
        """Return the part of the decoder that says rolls straight from codes.

        Raises
        ------
        ModelError
            If the decoder goes without a sketch.
        """
        if self.sketch is None:
            raise ModelError("the model was made before there were sketches: train it anew")
        return SketchDecoder(self.code.spread, self.sketch)

    def odds(self, layout: Layout, noisy: NoisyCodes) -> Odds | None:
        """Return what sketches of the codes let expect; None where there are no codes, or no sketch.

        The more noise there is in a code, the less its sketch counts.
        """
        if self.trust is None or not bool(noisy.given.any()):
            return None
        share = (noisy.freedom * (torch.pi / 2)).cos().square() * noisy.given
        return find_odds(self.cells(layout, noisy.code), self.trust * share)

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

    def states(self, known: KnownSteps, memory: Memory) -> States:
        """Run recurrence and looking back over steps, given the memory from before the first one."""
        pasts: list[Past] = []

        def look_back(look: LookBack, past: Past, x: Tensor) -> Tensor:
            pasts.append(join(past, look.remember(x, known.said, known.steps)))
            seen = sight_as_read(known.steps, pasts[-1].measure, self.reach)
            return look(x, look.wanted(known.steps), pasts[-1], seen)

        x, recurrent = self._through_layers(known, memory, look_back)
        return States(x, recurrent, tuple(pasts))

    def states_of_ways(self, known: KnownSteps, memory: Memory) -> Tensor:
        """Return the states of B ways to go on with one song, whose memory it is, shape (S, B, H).

        As `states` with a memory copied to them all, without the copies. All ways have the same steps.
        """

        def look_back(look: LookBack, past: Past, x: Tensor) -> Tensor:
            return look.among(x, known.steps, past, look.remember(x, known.said, known.steps))

        return self._through_layers(known, memory, look_back)[0]

    def _through_layers(
        self, known: KnownSteps, memory: Memory, look_back: Callable[[LookBack, Past, Tensor], Tensor]
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return the states after the last layer, and of each recurrence the last one, (B, H)."""
        x, recurrent, pasts = known.x, [], iter(memory.pasts)
        for (block, look), start in zip(self.layers, memory.recurrent, strict=True):
            x, state = block(x, start, known.exists)
            recurrent.append(state)
            if look is not None:
                x = look_back(look, next(pasts), x)
        return x, tuple(recurrent)

    def next_symbol(self, context: Tensor, at: At, odds: Odds | None) -> Tensor:
        """Return the logits of what is said next, from states that have heard what their step said so far."""
        logits: Tensor = self.say_symbol(context)
        return logits if odds is None else logits + odds.of_symbols(at.measure, at.step)

    def next_length(self, context: Tensor, symbol: Tensor, at: At, odds: Odds | None) -> Tensor:
        """Return the logits of lengths 1, 2, ... of notes said from such states, up to the barline."""
        logits: Tensor = self.say_length(context + self.symbol(symbol).to(context))
        if odds is not None:
            expected = odds.of_lengths(at.measure, at.step, symbol % self.alphabet.lanes, at.room)
            logits = logits[:, : expected.shape[1]] + expected
        too_long = torch.arange(logits.shape[1], device=logits.device) >= at.room.unsqueeze(1)
        return logits.masked_fill(too_long, -torch.inf)


def find_steps(layout: Layout, before: Tensor) -> Steps:
    """Return where the steps of a layout lie, given the measures that came before it, shape (B,)."""
    window = torch.arange(layout.windows, device=before.device)
    measure = (layout.row_measure.view(layout.steps, -1) - window * layout.measures) + before
    exists = layout.row_exists.view(layout.steps, -1)
    return Steps(torch.where(exists, measure, NEVER), layout.row_step.view(layout.steps, -1))


def find_rows(layout: Layout) -> At:
    """Return where the rows of a layout lie."""
    return At(layout.row_measure, layout.row_step, layout.measure_steps[layout.row_measure] - layout.row_step)
