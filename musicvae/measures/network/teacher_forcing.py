"""Teacher forcing without a loop: every (row, note) pair as one row of one matrix product.

A *prediction* is one softmax of the note decoder: what comes next at a step, given the notes already said
there. A row with k notes has k + 1 predictions, the last of which says "no more"; at a step within a measure,
which is a row since something begins there, that is never said first. What a prediction has heard is a
running sum (NADE's trick: Larochelle & Murray 2011), written here as index pairs.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import MeasureBatch, Notes
from musicvae.measures.data.ranges import concat_ranges
from musicvae.measures.network.rows import Rows


class Predictions(NamedTuple):
    """All predictions of a batch: one for each of the K notes, then a "no more" for each row that exists."""

    row: Tensor  # (predictions,)
    target: Tensor  # (predictions,) the symbol to be said
    last: Tensor  # (predictions,) the symbol said before it in this row, -1: none
    pair_prediction: Tensor  # (pairs,) a prediction ...
    pair_note: Tensor  # (pairs,) ... and a note said before it in the same row


def list_predictions(notes: Notes, rows: Rows, alphabet: Alphabet) -> Predictions:
    """Return the predictions that say the notes of a batch."""
    row, count = rows.find(notes.measure, notes.step), len(notes.step)
    index = torch.arange(count, device=row.device)
    per_row = torch.bincount(row, minlength=len(rows.exists))
    begins = torch.ones_like(row, dtype=torch.bool)
    begins[1:] = row[1:] != row[:-1]
    first = torch.where(begins, index, 0).cummax(0).values if count else index
    rank = index - first  # notes before this one in its row
    shifted = torch.cat([notes.symbol.new_full((1,), -1), notes.symbol[:-1]])[:count]
    last_of_note = torch.where(rank > 0, shifted, -1)

    last_of_row = torch.full_like(per_row, -1)
    last_of_row.scatter_reduce_(0, row, notes.symbol, "amax")
    end_row = rows.exists.nonzero().squeeze(1)
    end_prediction = torch.cumsum(rows.exists, 0) - 1 + count  # the "no more" prediction of each row

    pair_prediction, offset = concat_ranges(rank)
    return Predictions(
        row=torch.cat([row, end_row]),
        target=torch.cat([notes.symbol, torch.full_like(end_row, alphabet.end)]),
        last=torch.cat([last_of_note, last_of_row[end_row]]),
        pair_prediction=torch.cat([pair_prediction, end_prediction[row]]),
        pair_note=torch.cat([pair_prediction - 1 - offset, index]),
    )


class Sounding(NamedTuple):
    """What sounds at each row of a batch, and rings on."""

    until: Tensor  # (R * B, L) the step at which each lane stops, the notes of the row told; 0: it is silent
    ringing: Tensor  # (R * B, L) bool: what rings when the row begins, before a note of it is told


def find_sounding(batch: MeasureBatch, rows: Rows, before: Tensor, alphabet: Alphabet) -> Sounding:
    """Return what sounds at the rows of a batch.

    Within a measure those notes ring that were begun before and go on. At a barline, where notes are cut,
    they are the notes that sounded until it: the ones that may be held. What a window's first measure
    holds rings too, since its onset lies before the window.

    Parameters
    ----------
    batch : MeasureBatch
    rows : Rows
    before : Tensor of bool, shape (B, L)
        What sounded until the first barline.
    alphabet : Alphabet
    """
    layout, notes = batch
    measure, end = notes.measure, notes.step + notes.length
    lane = notes.symbol % alphabet.lanes
    count = rows.before[measure, end] - rows.before[measure, notes.step]
    note, later = concat_ranges(count)  # the rows that a note sounds at, its own the first
    row = rows.find(measure, notes.step)[note] + later * rows.windows
    until = end.new_zeros(len(rows.step), alphabet.lanes)
    until.view(-1).scatter_reduce_(0, row * alphabet.lanes + lane[note], end[note], "amax")

    last = torch.cat([until.new_zeros(rows.windows, alphabet.lanes), until[: -rows.windows]])
    ends = layout.measure_steps[rows.measure].roll(rows.windows)  # of the measure of the row before
    ringing = torch.where(rows.opens.unsqueeze(1), last == ends.unsqueeze(1), last > rows.step.unsqueeze(1))
    ringing[: rows.windows] = before
    held = (measure % layout.measures == 0) & (notes.symbol < alphabet.lanes)
    ringing[measure[held] // layout.measures, lane[held]] = True
    return Sounding(until, ringing)


def forbidden(ringing: Tensor, opens: Tensor, last: Tensor, vacant: Tensor, alphabet: Alphabet) -> Tensor:
    """Return which symbols cannot be said next, bool, shape (predictions, symbols).

    A note is held only across a barline and only if it rings; a note that rings on within its measure is not
    struck, since notes of one pitch never overlap. Symbols rise within a row. Where something begins, as at
    every row but a barline, "no more" isn't said first.

    Parameters
    ----------
    ringing : Tensor of bool, shape (predictions, L)
    opens : Tensor of bool, shape (predictions,)
        Whether the row is a barline.
    last : Tensor, shape (predictions,)
        The symbol said before, -1: none.
    vacant : Tensor of bool, shape (predictions, parts)
        Where nobody sits, who could say anything; (predictions, 0) where every part is somebody's.
    alphabet : Alphabet
    """
    opens, last = opens.unsqueeze(1), last.unsqueeze(1)
    no = torch.cat([~(ringing & opens), ringing & ~opens, ~opens & (last < 0)], dim=1)
    no |= torch.arange(alphabet.size, device=last.device) <= last
    if vacant.shape[1]:
        no[:, : alphabet.end] |= alphabet.lanes_of(vacant).repeat(1, 2)
    return no


def find_free(until: Tensor, vacant: Tensor, alphabet: Alphabet) -> Tensor:
    """Return the first step at which a lane is free, given until when each one sounds, (rows, L).

    Those of vacant parts, (rows, parts), are never: see `forbidden`.
    """
    if vacant.shape[1]:
        until = until.masked_fill(alphabet.lanes_of(vacant), torch.iinfo(until.dtype).max)
    return until.min(1).values
