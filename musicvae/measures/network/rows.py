"""The rows of the decoder's recurrence: each measure's barline, and every later step at which notes begin.

Most steps of the grid are empty; the recurrence runs over the others alone, from onset to onset. The rows of
B windows are packed without gaps, at most R in a window, and time-major: ``row = r * B + b``. So the rows of
all windows at one point of the recurrence are contiguous, and the next row is B further, even past a barline.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.rolls.drawing import longest

NO_STEP = -1  # the step of what is not in this measure


class At(NamedTuple):
    """Where rows lie; each of shape (rows,)."""

    measure: Tensor  # m of the layout
    step: Tensor  # since its barline
    room: Tensor  # steps to the next barline

    def select(self, rows: Tensor) -> At:
        """Return some of the rows."""
        return At(*(field[rows] for field in self))


class Rows(NamedTuple):
    """The rows of a batch; those without a note beside them of shape (R * B,)."""

    windows: int  # B
    measure: Tensor  # the measure m of each row
    step: Tensor  # since its barline
    exists: Tensor  # bool: false after a window's end
    rank: Tensor  # rows since the barline
    following: Tensor  # the step of the next row of the measure; NO_STEP: there is none
    first: Tensor  # (B * N,) the row of each measure's barline
    before: Tensor  # (B * N, t + 1) how many rows each measure has before each step, and before its end

    @property
    def shape(self) -> tuple[int, int]:
        """R and B."""
        return len(self.step) // self.windows, self.windows

    @property
    def opens(self) -> Tensor:
        """Which rows are barlines."""
        return self.rank == 0

    @property
    def gap(self) -> Tensor:
        """How many steps later the next row of the measure is; 0: there is none."""
        return torch.where(self.following == NO_STEP, 0, self.following - self.step)

    @property
    def last(self) -> Tensor:
        """The last row of each window, shape (B,)."""
        window = torch.arange(self.windows, device=self.step.device)
        return (self.exists.view(self.shape).sum(0) - 1) * self.windows + window

    def find(self, measure: Tensor, step: Tensor) -> Tensor:
        """Return the rows at steps of measures, all of which are rows."""
        return self.first[measure] + self.before[measure, step] * self.windows


def find_onsets(batch: MeasureBatch) -> Tensor:
    """Return at which steps of each measure notes begin, bool, shape (B * N, t)."""
    layout, notes = batch
    begins = torch.zeros(
        len(layout.measure_steps), longest(layout), dtype=torch.bool, device=notes.step.device
    )
    begins[notes.measure, notes.step] = True
    return begins


def find_rows(batch: MeasureBatch) -> Rows:
    """Return the rows of a batch."""
    return lay_rows(batch.layout, find_onsets(batch))


def lay_rows(layout: Layout, onsets: Tensor) -> Rows:
    """Return the rows of measures in which something begins at some steps, bool, shape (B * N, t)."""
    begins = onsets.clone()
    begins[:, 0] = layout.exists
    measure, step = begins.nonzero(as_tuple=True)  # in the order of time
    window = measure // layout.measures
    counts = torch.bincount(window, minlength=layout.windows)
    number = torch.arange(len(window), device=window.device) - (counts.cumsum(0) - counts)[window]
    row, size = number * layout.windows + window, int(counts.max()) * layout.windows
    before = torch.nn.functional.pad(begins.long().cumsum(1), (1, 0))
    goes_on = torch.zeros_like(measure, dtype=torch.bool)
    goes_on[:-1] = measure[1:] == measure[:-1]
    following = torch.where(goes_on, step.roll(-1), NO_STEP)

    first = torch.zeros_like(layout.measure_steps).index_put((measure[step == 0],), row[step == 0])

    def table(of_row: Tensor, fill: int) -> Tensor:
        return of_row.new_full((size,), fill).index_put((row,), of_row)

    return Rows(
        windows=layout.windows,
        measure=table(measure, 0),
        step=table(step, 0),
        exists=table(torch.ones_like(row), 0).bool(),
        rank=table(before[measure, step], 0),
        following=table(following, NO_STEP),
        first=first,
        before=before,
    )
