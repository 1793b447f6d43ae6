"""Teacher forcing without a loop: every (step, note) pair as one row of one matrix product.

A *prediction* is one softmax of the note decoder: what comes next within a step, given the notes already
said there. A step with k notes has k + 1 predictions, the last of which says "no more". What a prediction has
heard is a running sum (NADE's trick: Larochelle & Murray 2011), written here as index pairs.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.ranges import concat_ranges


class Predictions(NamedTuple):
    """All predictions of a batch: one for each of the K notes, then a "no more" for each step that exists."""

    row: Tensor  # (predictions,) the step it belongs to
    target: Tensor  # (predictions,) the symbol to be said
    last: Tensor  # (predictions,) the symbol said before it in this step, -1: none
    pair_prediction: Tensor  # (pairs,) a prediction ...
    pair_note: Tensor  # (pairs,) ... and a note said before it in the same step


def list_predictions(batch: MeasureBatch, alphabet: Alphabet) -> Predictions:
    """Return the predictions that say the notes of a batch."""
    layout, notes = batch
    count = len(notes.row)
    index = torch.arange(count, device=notes.row.device)
    per_row = torch.bincount(notes.row, minlength=len(layout.row_exists))
    rank = index - (per_row.cumsum(0) - per_row)[notes.row]  # notes before this one in its step
    shifted = torch.cat([notes.symbol.new_full((1,), -1), notes.symbol[:-1]])[:count]
    last_of_note = torch.where(rank > 0, shifted, -1)

    last_of_row = torch.full_like(per_row, -1)
    last_of_row.scatter_reduce_(0, notes.row, notes.symbol, "amax")
    end_row = layout.row_exists.nonzero().squeeze(1)
    end_prediction = torch.cumsum(layout.row_exists, 0) - 1 + count  # the "no more" prediction of each row

    pair_prediction, offset = concat_ranges(rank)
    return Predictions(
        row=torch.cat([notes.row, end_row]),
        target=torch.cat([notes.symbol, torch.full_like(end_row, alphabet.end)]),
        last=torch.cat([last_of_note, last_of_row[end_row]]),
        pair_prediction=torch.cat([pair_prediction, end_prediction[notes.row]]),
        pair_note=torch.cat([pair_prediction - 1 - offset, index]),
    )


def find_ringing(batch: MeasureBatch, alphabet: Alphabet) -> Tensor:
    """Return which notes still ring when a step begins, bool, shape (S * B, L).

    Within a measure those are the notes begun before that go on. At a barline, where notes are cut,
    they are the notes that sounded until it: the ones that may be held. What a window's first measure
    holds rings too, since its onset lies before the window.
    """
    layout, notes = batch
    ringing = torch.zeros(len(layout.row_exists), alphabet.lanes, dtype=torch.bool, device=notes.row.device)
    to_the_end = notes.step + notes.length == layout.measure_steps[notes.measure]
    goes_on = notes.length - 1 + to_the_end.long()  # the barline after it counts
    note, past = concat_ranges(goes_on)
    row = notes.row[note] + (past + 1) * layout.windows
    inside = row < len(ringing)
    ringing[row[inside], notes.symbol[note][inside] % alphabet.lanes] = True
    opening = (notes.row < layout.windows) & (notes.symbol < alphabet.lanes)
    ringing[notes.row[opening], notes.symbol[opening]] = True
    return ringing


def find_ringing_after(batch: MeasureBatch, alphabet: Alphabet) -> Tensor:
    """Return which notes sound until the end of each window's last measure, bool, shape (B, L)."""
    layout, notes = batch
    window, measure = notes.measure // layout.measures, notes.measure % layout.measures
    count = layout.exists.view(layout.windows, -1).sum(1)
    to_the_end = notes.step + notes.length == layout.measure_steps[notes.measure]
    last = to_the_end & (measure == count[window] - 1)
    ringing = torch.zeros(layout.windows, alphabet.lanes, dtype=torch.bool, device=notes.row.device)
    ringing[window[last], notes.symbol[last] % alphabet.lanes] = True
    return ringing


def forbidden_at_first(ringing: Tensor, opens_measure: Tensor) -> Tensor:
    """Return which symbols a step cannot begin with, bool, shape (steps, symbols).

    A note is held only across a barline and only if it rings; a note that rings on within its measure is not
    struck, since notes of one pitch never overlap.

    Parameters
    ----------
    ringing : Tensor of bool, shape (steps, L)
    opens_measure : Tensor of bool, shape (steps,)
    """
    opens = opens_measure.unsqueeze(1)
    return torch.cat([~(ringing & opens), ringing & ~opens, torch.zeros_like(opens)], dim=1)


def forbidden_after(last: Tensor, alphabet: Alphabet) -> Tensor:
    """Return which symbols cannot follow one in its step, bool, shape (predictions, symbols): symbols rise.

    Parameters
    ----------
    last : Tensor, shape (predictions,)
        The symbol said before, -1: none.
    alphabet : Alphabet
    """
    return torch.arange(alphabet.size, device=last.device) <= last.unsqueeze(1)
