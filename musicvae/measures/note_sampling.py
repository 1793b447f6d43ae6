"""Writing with the note decoder: notes drawn step after step, each hearing all before it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.measures.batch import Layout, Notes
from musicvae.measures.note_network import Hints, NoteNetwork
from musicvae.measures.turns import forbidden


class Draw(NamedTuple):
    """How symbols are drawn.

    Parameters
    ----------
    temperature : float
        1 draws from the model's own distribution, less plays safer, 0 takes the likeliest.
    generator : torch.Generator, optional
    """

    temperature: float = 1.0
    generator: torch.Generator | None = None

    def pick(self, logits: Tensor) -> Tensor:
        """Return one index for each row of logits."""
        if self.temperature == 0 or not len(logits):
            return logits.argmax(-1)
        probabilities = (logits / self.temperature).softmax(-1)
        if self.generator is not None and self.generator.device != logits.device:
            probabilities = probabilities.to(self.generator.device)
        return torch.multinomial(probabilities, 1, generator=self.generator).squeeze(1).to(logits.device)


GREEDY = Draw(temperature=0)


class _Said(NamedTuple):
    """Notes said in one turn: the windows that said one, its symbol and length."""

    window: Tensor
    symbol: Tensor
    length: Tensor


@torch.inference_mode()
def sample_notes(decoder: NoteNetwork, layout: Layout, hints: Hints, draw: Draw) -> Notes:
    """Return notes for every measure of a layout.

    Parameters
    ----------
    decoder : NoteNetwork
    layout : Layout
    hints : Hints
        The codes of the measures that have one.
    draw : Draw
    """
    b = layout.windows
    known = decoder.conditions(layout, hints).view(layout.steps, b, -1)
    exists = layout.row_exists.view(layout.steps, b)
    step = layout.row_step.view(layout.steps, b)
    room = layout.measure_steps[layout.row_measure].view(layout.steps, b) - step
    remaining = torch.zeros(b, decoder.alphabet.voices, dtype=torch.long, device=step.device)
    before = torch.zeros_like(known[0])
    memory: list[Tensor] | None = None
    rows, said = [], []
    for s in range(layout.steps):
        opens = step[s] == 0
        # At a barline rings what sounded until it, within a measure what goes on (see find_ringing).
        ringing = torch.where(opens.unsqueeze(1), remaining == 1, remaining > 1)
        remaining = (remaining - 1).clamp(min=0)
        x = known[s] + before + decoder.ringing(ringing.to(known))
        states, memory = decoder.states(x.unsqueeze(0), memory)
        before = torch.zeros_like(before)
        for note in _say_step(decoder, states[0], _Step(exists[s], room[s], ringing, opens), draw):
            before.index_add_(0, note.window, decoder.note(note.symbol, note.length).to(before))
            voice = note.symbol % decoder.alphabet.voices
            # A pitch both held and struck rings as long as the longer of the two.
            remaining[note.window, voice] = torch.maximum(remaining[note.window, voice], note.length)
            rows.append(s * b + note.window)
            said.append(note)
    return _collect(layout, rows, said)


class _Step(NamedTuple):
    """What bounds the notes of one step; all of shape (B, ...)."""

    exists: Tensor
    room: Tensor
    ringing: Tensor
    opens: Tensor


def _say_step(decoder: NoteNetwork, context: Tensor, step: _Step, draw: Draw) -> list[_Said]:
    """Draw the notes of one step for all windows, until each has said "no more"."""
    active = step.exists.nonzero().squeeze(1)
    context = context[active].float()
    last = torch.full_like(active, -1)
    said = []
    while len(active):
        no = forbidden(last, step.ringing[active], step.opens[active], decoder.alphabet)
        symbol = draw.pick(decoder.say_symbol(context).masked_fill(no, -torch.inf))
        goes_on = symbol != decoder.alphabet.end
        active, context, symbol = active[goes_on], context[goes_on], symbol[goes_on]
        if not len(active):
            break
        logits = decoder.say_length(context + decoder.symbol(symbol))
        length = draw.pick(decoder.mask_lengths(logits, step.room[active])) + 1
        context = context + decoder.note(symbol, length)
        last = symbol
        said.append(_Said(active, symbol, length))
    return said


def _collect(layout: Layout, rows: list[Tensor], said: list[_Said]) -> Notes:
    nothing = layout.row_step.new_zeros(0)
    row = torch.cat([nothing, *rows])
    symbol = torch.cat([nothing, *(note.symbol for note in said)])
    length = torch.cat([nothing, *(note.length for note in said)])
    order = torch.argsort(row, stable=True)  # turns of a step are already in the order of symbols
    row = row[order]
    return Notes(layout.row_measure[row], layout.row_step[row], length[order], symbol[order], row)
