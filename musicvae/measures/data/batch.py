"""A batch of windows: measures of songs, laid out for the encoder and for the decoder.

Conventions
-----------
``B`` windows of at most ``N`` measures and ``S`` steps. The encoder sees measures, ``m = b * N + n``.
The decoder sees steps in the order of time, packed without gaps whatever the meters, and
time-major: ``row = s * B + b``. Time-major rows make one step of all windows contiguous, which is
what the recurrence runs over; one step later is B rows further, also across a barline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.measures.data.alphabet import Alphabet

# Measures further than this from the song's first or last one are not told apart.
MAX_PLACE = 32


class Window(NamedTuple):
    """Some measures of one song; all arrays have shape (N,).

    `meter` is an index into the model's meters (0: a meter it does not know), `place` counts
    measures from the song's first one, `left` those that follow until its last. `key` (`midi.songs.key`)
    and `style` (an index into the model's styles) are those of the song; 0: not told.
    """

    steps: np.ndarray
    meter: np.ndarray
    place: np.ndarray
    left: np.ndarray
    key: np.ndarray
    style: np.ndarray

    def cut(self, first: int, after: int) -> Window:
        """Return the measures from `first` up to `after`."""
        return Window(*(field[first:after] for field in self))


class Layout(NamedTuple):
    """Where the measures and steps of a batch lie, without any notes."""

    windows: int  # B
    measures: int  # N
    steps: int  # S
    measure_steps: Tensor  # (B * N,) steps of each measure; 0: no measure there
    meter: Tensor  # (B * N,)
    place: Tensor  # (B * N,)
    left: Tensor  # (B * N,)
    key: Tensor  # (B * N,)
    style: Tensor  # (B * N,)
    row_measure: Tensor  # (S * B,) the measure m of each row
    row_step: Tensor  # (S * B,) steps since its barline
    row_exists: Tensor  # (S * B,) bool: false after a window's end
    first_row: Tensor  # (B * N,) the row at which each measure begins

    @property
    def exists(self) -> Tensor:
        """Which measures exist, bool, shape (B * N,)."""
        return self.measure_steps > 0

    @property
    def last_row(self) -> Tensor:
        """The row of each window's last step, shape (B,)."""
        steps = self.row_exists.view(self.steps, self.windows).sum(0)
        return (steps - 1) * self.windows + torch.arange(self.windows, device=steps.device)


class Notes(NamedTuple):
    """The notes of a batch, cut at the barlines, in order of (row, symbol); each field has shape (K,)."""

    measure: Tensor  # m
    step: Tensor  # steps from the barline
    length: Tensor  # steps
    symbol: Tensor
    row: Tensor


class MeasureBatch(NamedTuple):
    """Windows with their notes."""

    layout: Layout
    notes: Notes


class _Rows(NamedTuple):
    """What lies on each step of each window; all of shape (B, S)."""

    measure: np.ndarray
    step: np.ndarray  # since its barline
    exists: np.ndarray


def _find_rows(steps: np.ndarray, starts: np.ndarray) -> _Rows:
    """Return the rows of measures of so many steps that start at these steps, each (B, N); 0: no measure."""
    totals = steps.sum(1)
    b, s = len(steps), int(totals.max())
    # For each window and step: the last measure that has begun, among those that exist.
    begins = np.zeros((b, s + 1), np.int64)
    np.add.at(begins, (np.nonzero(steps)[0], starts[steps > 0]), 1)
    measure = begins[:, :s].cumsum(1) - 1
    step = np.arange(s) - np.take_along_axis(starts, measure, 1)
    exists = np.arange(s) < totals[:, None]
    return _Rows(measure, np.where(exists, step, 0), exists)


def lay_out(windows: Sequence[Window], device: torch.device | str = "cpu") -> Layout:
    """Return the layout of some windows, each of one measure or more."""
    counts = np.array([len(window.steps) for window in windows])
    b, n = len(windows), int(counts.max())

    def padded(name: str) -> np.ndarray:
        table = np.zeros((b, n), np.int64)
        table[np.arange(n) < counts[:, None]] = np.concatenate([getattr(window, name) for window in windows])
        return table

    def tensor(table: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(table)).to(device)

    steps = padded("steps")
    starts = np.cumsum(steps, axis=1) - steps
    rows = _find_rows(steps, starts)
    window = np.arange(b)[:, None]
    return Layout(
        windows=b,
        measures=n,
        steps=rows.step.shape[1],
        measure_steps=tensor(steps.ravel()),
        meter=tensor(padded("meter").ravel()),
        place=tensor(np.minimum(padded("place"), MAX_PLACE).ravel()),
        left=tensor(np.minimum(padded("left"), MAX_PLACE).ravel()),
        key=tensor(padded("key").ravel()),
        style=tensor(padded("style").ravel()),
        row_measure=tensor((window * n + rows.measure).T.ravel()),
        row_step=tensor(rows.step.T.ravel()),
        row_exists=tensor(rows.exists.T.ravel()),
        first_row=tensor((starts * b + window).ravel()),
    )


def lay_notes(
    layout: Layout, measure: np.ndarray, notes: np.ndarray | Mapping[str, np.ndarray], alphabet: Alphabet
) -> Notes:
    """Return notes cut at barlines as a batch's notes.

    Parameters
    ----------
    layout : Layout
    measure : np.ndarray, shape (K,)
        The measure m = b * N + n of each note.
    notes : np.ndarray with fields, or mapping: step, length, pitch, part, held; each of shape (K,)
    """
    symbol = alphabet.symbols(
        notes["part"].astype(np.int64), notes["pitch"].astype(np.int64), notes["held"].astype(np.int64)
    )
    row = layout.first_row.cpu().numpy()[measure] + notes["step"].astype(np.int64) * layout.windows
    order = np.lexsort((symbol, row))
    device = layout.row_step.device

    def tensor(column: np.ndarray) -> Tensor:
        return torch.from_numpy(column[order].astype(np.int64)).to(device)

    return Notes(tensor(measure), tensor(notes["step"]), tensor(notes["length"]), tensor(symbol), tensor(row))
