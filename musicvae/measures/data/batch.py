"""A batch of windows: measures of songs side by side.

Conventions
-----------
``B`` windows of at most ``N`` measures, ``m = b * N + n``. Whatever reads or says measures one by one goes by
m; the note decoder, which hears the song, lays out rows of its own (`measures.network.rows`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.measures.data.alphabet import Alphabet
from musicvae.midi.songs.instruments import NOBODY

# Measures further than this from the song's first or last one are not told apart.
MAX_PLACE = 32


class Window(NamedTuple):
    """Some measures of one song; all arrays have shape (N,), but for `band`, (N, parts).

    `meter` is an index into the model's meters (0: a meter it does not know), `place` counts
    measures from the song's first one, `left` those that follow until its last. `key` (`midi.songs.key`)
    and `style` (an index into the model's styles) are those of the song; 0: not told. `band` is the kind of
    instrument of each part (`midi.songs.instruments`), (N, 0) where parts are the same for all songs.
    """

    steps: np.ndarray
    meter: np.ndarray
    place: np.ndarray
    left: np.ndarray
    key: np.ndarray
    style: np.ndarray
    band: np.ndarray

    def cut(self, first: int, after: int) -> Window:
        """Return the measures from `first` up to `after`."""
        return Window(*(field[first:after] for field in self))


class Layout(NamedTuple):
    """The measures of a batch, without any notes."""

    windows: int  # B
    measures: int  # N
    measure_steps: Tensor  # (B * N,) steps of each measure; 0: no measure there
    meter: Tensor  # (B * N,)
    place: Tensor  # (B * N,)
    left: Tensor  # (B * N,)
    key: Tensor  # (B * N,)
    style: Tensor  # (B * N,)
    band: Tensor  # (B * N, parts); (B * N, 0) where parts are the same for all songs

    @property
    def vacant(self) -> Tensor:
        """At which parts of each measure nobody sits, bool, shape (B * N, parts) or (B * N, 0)."""
        return self.band == NOBODY

    @property
    def exists(self) -> Tensor:
        """Which measures exist, bool, shape (B * N,)."""
        return self.measure_steps > 0


class Notes(NamedTuple):
    """The notes of a batch, cut at the barlines, by measure, step and symbol; each field has shape (K,)."""

    measure: Tensor  # m
    step: Tensor  # steps from the barline
    length: Tensor  # steps
    symbol: Tensor


class MeasureBatch(NamedTuple):
    """Windows with their notes."""

    layout: Layout
    notes: Notes


def lay_out(windows: Sequence[Window], device: torch.device | str = "cpu") -> Layout:
    """Return the layout of some windows, each of one measure or more."""
    counts = np.array([len(window.steps) for window in windows])
    b, n = len(windows), int(counts.max())

    def padded(name: str) -> np.ndarray:
        flat = np.concatenate([getattr(window, name) for window in windows])
        table = np.zeros((b, n, *flat.shape[1:]), np.int64)
        table[np.arange(n) < counts[:, None]] = flat
        return table.reshape(b * n, *flat.shape[1:])

    def tensor(table: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(table)).to(device)

    return Layout(
        windows=b,
        measures=n,
        measure_steps=tensor(padded("steps")),
        meter=tensor(padded("meter")),
        place=tensor(np.minimum(padded("place"), MAX_PLACE)),
        left=tensor(np.minimum(padded("left"), MAX_PLACE)),
        key=tensor(padded("key")),
        style=tensor(padded("style")),
        band=tensor(padded("band")),
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
    order = np.lexsort((symbol, notes["step"], measure))
    device = layout.measure_steps.device

    def tensor(column: np.ndarray) -> Tensor:
        return torch.from_numpy(column[order].astype(np.int64)).to(device)

    return Notes(tensor(measure), tensor(notes["step"]), tensor(notes["length"]), tensor(symbol))
