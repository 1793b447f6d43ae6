"""Writing with the note decoder: the notes of a measure drawn step after step, each hearing all before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from musicvae.core.precision import at_least_single
from musicvae.measures.batch import Layout, Notes
from musicvae.measures.hints import Hints
from musicvae.measures.look_back import Past, Steps, lengthen
from musicvae.measures.memory import Memory
from musicvae.measures.note_network import NoteNetwork, find_steps
from musicvae.measures.turns import forbidden


class Chooser(Protocol):
    """What says which symbol comes next, given how likely each is: by chance, as `Draw`, or as is known."""

    def of(self, songs: Tensor) -> Chooser:
        """Return what chooses for some of the songs."""

    def pick(self, logits: Tensor) -> Tensor:
        """Return one index for each row of logits; what cannot be has -inf.

        It is asked for each song at a step in turn: a symbol, then its length, until the symbol is the end.
        """


class Draw(NamedTuple):
    """How symbols are drawn.

    Parameters
    ----------
    temperature : float, or Tensor of shape (songs,)
        1 draws from the model's own distribution, less plays safer, 0 takes the likeliest.
    generator : torch.Generator, optional
    """

    temperature: float | Tensor = 1.0
    generator: torch.Generator | None = None

    @property
    def is_greedy(self) -> bool:
        """Whether nothing is left to chance."""
        return not torch.as_tensor(self.temperature).any()

    def of(self, songs: Tensor) -> Draw:
        """Return how it is drawn for some of the songs."""
        if isinstance(self.temperature, Tensor):
            return self._replace(temperature=self.temperature[songs])
        return self

    def pick(self, logits: Tensor) -> Tensor:
        """Return one index for each row of logits."""
        temperature = torch.as_tensor(self.temperature, device=logits.device).expand(len(logits))
        likeliest = logits.argmax(-1)
        if not temperature.any():
            return likeliest
        probabilities = (logits / temperature.clamp(min=COLDEST).unsqueeze(1)).softmax(-1)
        if self.generator is not None and self.generator.device != logits.device:
            probabilities = probabilities.to(self.generator.device)
        drawn = torch.multinomial(probabilities, 1, generator=self.generator).squeeze(1).to(logits.device)
        return torch.where(temperature > 0, drawn, likeliest)


GREEDY = Draw(temperature=0)
COLDEST = 1e-3  # the temperature from which on draws are as good as the likeliest


class _Said(NamedTuple):
    """Notes said in one turn: the windows that said one, its symbol and length."""

    window: Tensor
    symbol: Tensor
    length: Tensor


class Written(NamedTuple):
    """Notes of some measures, and the memory after them."""

    notes: Notes
    memory: Memory


@torch.inference_mode()
def write_measure(
    decoder: NoteNetwork, layout: Layout, hints: Hints, draw: Chooser, memory: Memory
) -> Written:
    """Return notes for the next measure of each song, and what is remembered after it.

    Parameters
    ----------
    decoder : NoteNetwork
    layout : Layout
        Of one measure a song (N = 1), which may be of several meters.
    hints : Hints
    draw : Chooser
    memory : Memory
        From before the measure.
    """
    known = decoder.conditions(layout, hints).view(layout.steps, layout.windows, -1)
    steps = find_steps(layout, memory.measures)
    exists = layout.row_exists.view(layout.steps, -1)
    room = layout.measure_steps - steps.place  # (S, B)
    page = _Page(decoder, memory, layout)
    remaining = memory.ringing.long()
    heard, recurrent = memory.heard, memory.recurrent
    for s in range(layout.steps):
        opens = steps.place[s] == 0
        # At the barline rings what sounded until it, within the measure what goes on (see find_ringing).
        ringing = torch.where(opens.unsqueeze(1), remaining == 1, remaining > 1)
        remaining = torch.where(exists[s].unsqueeze(1), (remaining - 1).clamp(min=0), remaining)
        x = known[s] + heard + decoder.ringing(ringing.to(known))
        here = Steps(steps.measure[s : s + 1], steps.place[s : s + 1])
        there = exists[s].view(1, -1, 1)
        reading = decoder.states(x.unsqueeze(0), here, recurrent, page.pasts(), exists=there)
        recurrent = reading.recurrent
        said = torch.zeros_like(heard)
        for note in _say_step(decoder, reading.states[0], _Step(exists[s], room[s], ringing, opens), draw):
            said.index_add_(0, note.window, decoder.note(note.symbol, note.length).to(said))
            voice = note.symbol % decoder.alphabet.voices
            # A pitch both held and struck rings as long as the longer of the two.
            remaining[note.window, voice] = torch.maximum(remaining[note.window, voice], note.length)
            page.add(s, note)
        page.turn(reading.looking, said.unsqueeze(0), here)
        heard = torch.where(exists[s].unsqueeze(1), said, heard)
    after = Memory(recurrent, page.pasts(), heard, remaining == 1, memory.measures + 1)
    return Written(page.notes(), after)


class _Page:
    """The measure being written: its notes, and room for its steps behind those to look back at."""

    def __init__(self, decoder: NoteNetwork, memory: Memory, layout: Layout) -> None:
        self.decoder = decoder
        self.layout = layout
        self.written = memory.pasts[0].measure.shape[1] if memory.pasts else 0
        self.whole = tuple(lengthen(past, layout.steps) for past in memory.pasts)
        self.rows: list[Tensor] = []
        self.said: list[_Said] = []

    def pasts(self) -> tuple[Past, ...]:
        """Return what there is to look back at by now."""
        end = self.written
        return tuple(Past(p.key[:, :, :end], p.value[:, :, :end], p.measure[:, :end]) for p in self.whole)

    def add(self, step: int, note: _Said) -> None:
        """Take up notes said at a step."""
        self.rows.append(step * self.layout.windows + note.window)
        self.said.append(note)

    def turn(self, looking: Sequence[Tensor], said: Tensor, steps: Steps) -> None:
        """Let later steps look back at a step now that all of it is said."""
        for whole, new in zip(self.whole, self.decoder.remember(looking, said, steps), strict=True):
            whole.key[:, :, self.written] = new.key[:, :, 0]
            whole.value[:, :, self.written] = new.value[:, :, 0]
            whole.measure[:, self.written] = new.measure[:, 0]
        self.written += 1

    def notes(self) -> Notes:
        """Return the notes of the measure."""
        nothing = self.layout.row_step.new_zeros(0)
        row = torch.cat([nothing, *self.rows])
        symbol = torch.cat([nothing, *(note.symbol for note in self.said)])
        length = torch.cat([nothing, *(note.length for note in self.said)])
        order = torch.argsort(row, stable=True)  # turns of a step are already in the order of symbols
        row = row[order]
        return Notes(
            self.layout.row_measure[row], self.layout.row_step[row], length[order], symbol[order], row
        )


class _Step(NamedTuple):
    """What bounds the notes of one step; all of shape (B, ...)."""

    exists: Tensor
    room: Tensor
    ringing: Tensor
    opens: Tensor


def _say_step(decoder: NoteNetwork, context: Tensor, step: _Step, draw: Chooser) -> list[_Said]:
    """Draw the notes of one step for all windows, until each has said "no more"."""
    active = step.exists.nonzero().squeeze(1)
    context = at_least_single(context[active])
    last = torch.full_like(active, -1)
    said = []
    while len(active):
        no = forbidden(last, step.ringing[active], step.opens[active], decoder.alphabet)
        symbol = draw.of(active).pick(decoder.say_symbol(context).masked_fill(no, -torch.inf))
        goes_on = symbol != decoder.alphabet.end
        active, context, symbol = active[goes_on], context[goes_on], symbol[goes_on]
        if not len(active):
            break
        logits = decoder.say_length(context + decoder.symbol(symbol))
        length = draw.of(active).pick(decoder.mask_lengths(logits, step.room[active])) + 1
        context = context + decoder.note(symbol, length)
        last = symbol
        said.append(_Said(active, symbol, length))
    return said
