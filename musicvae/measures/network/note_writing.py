"""Writing with the note decoder: the notes of a measure drawn step after step, each hearing all before it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.core.categorical import Chooser
from musicvae.core.training.precision import at_least_single
from musicvae.measures.data.batch import Layout, Notes
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.network.memory import Memory, Written
from musicvae.measures.network.note_network import At, NoteNetwork, find_rows
from musicvae.measures.network.stepping import MeasureStepper
from musicvae.measures.network.teacher_forcing import forbidden_after, forbidden_at_first
from musicvae.measures.rolls.odds import Odds


class _Said(NamedTuple):
    """Notes said in one prediction: the windows that said one, its symbol and length."""

    window: Tensor
    symbol: Tensor
    length: Tensor


@torch.inference_mode()
def write_measure(
    decoder: NoteNetwork, layout: Layout, noisy: NoisyCodes, draw: Chooser, memory: Memory
) -> Written:
    """Return notes for the next measure of each song, and what is remembered after it.

    Parameters
    ----------
    decoder : NoteNetwork
    layout : Layout
        Of one measure a song (N = 1), which may be of several meters.
    noisy : NoisyCodes
    draw : Chooser
    memory : Memory
        From before the measure.
    """
    stepper, odds = MeasureStepper(decoder, layout, noisy, memory), decoder.odds(layout, noisy)
    exists = layout.row_exists.view(layout.steps, -1)
    rows = At(*(field.view(layout.steps, -1) for field in find_rows(layout)))  # (S, B) each
    remaining, heard = memory.ringing.long(), memory.heard
    written: list[tuple[Tensor, Tensor, Tensor]] = []
    for s in range(layout.steps):
        # At the barline rings what sounded until it, within the measure what goes on (see find_ringing).
        ringing = remaining > 1 if s else remaining == 1
        remaining = torch.where(exists[s].unsqueeze(1), (remaining - 1).clamp_(min=0), remaining)
        state = stepper.step(s, heard, ringing)
        said = torch.zeros_like(heard)
        at = rows.select(s)
        step = _Step(exists[s], at, forbidden_at_first(ringing, at.step == 0), odds)
        for note in _say_step(decoder, state, step, draw):
            said.index_add_(0, note.window, decoder.note(note.symbol, note.length).to(said))
            lane = note.symbol % decoder.alphabet.lanes
            # A pitch both held and struck rings as long as the longer of the two.
            remaining[note.window, lane] = torch.maximum(remaining[note.window, lane], note.length)
            written.append((s * layout.windows + note.window, note.symbol, note.length))
        stepper.said(s, said)
        heard = torch.where(exists[s].unsqueeze(1), said, heard)
    after = Memory(stepper.recurrent, stepper.pasts(), heard, remaining == 1, memory.measures + 1)
    return Written(_bind(layout, written), after)


def _bind(layout: Layout, written: list[tuple[Tensor, Tensor, Tensor]]) -> Notes:
    """Return the notes of a measure, given rows, symbols and lengths as they were said."""
    nothing = (layout.row_step.new_zeros(0),) * 3
    row, symbol, length = (torch.cat(column) for column in zip(nothing, *written, strict=True))
    order = torch.argsort(row, stable=True)  # predictions of a step are already in the order of symbols
    row = row[order]
    return Notes(layout.row_measure[row], layout.row_step[row], length[order], symbol[order], row)


class _Step(NamedTuple):
    """What bounds the notes of one step, and what of them is expected."""

    exists: Tensor  # (B,)
    at: At  # (B,)
    forbidden: Tensor  # (B, symbols) bool: what cannot be said in its first prediction
    odds: Odds | None


def _say_step(decoder: NoteNetwork, context: Tensor, step: _Step, draw: Chooser) -> list[_Said]:
    """Draw the notes of one step for all windows, until each has said "no more"."""
    active = step.exists.nonzero().squeeze(1)
    context, no = at_least_single(context[active]), step.forbidden[active]
    said: list[_Said] = []
    while len(active):
        logits = decoder.next_symbol(context, step.at.select(active), step.odds)
        symbol = draw.of(active).pick(logits.masked_fill_(no, -torch.inf))
        goes_on = symbol != decoder.alphabet.end
        active, context, symbol, no = active[goes_on], context[goes_on], symbol[goes_on], no[goes_on]
        if not len(active):
            break
        logits = decoder.next_length(context, symbol, step.at.select(active), step.odds)
        length = draw.of(active).pick(logits) + 1
        context = context + decoder.note(symbol, length)
        no = no | forbidden_after(symbol, decoder.alphabet)
        said.append(_Said(active, symbol, length))
    return said
