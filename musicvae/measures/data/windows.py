"""Windows of songs as batches: what a training sees, step by step.

Each epoch cuts every song anew into windows of up to 16 measures, at a place drawn for that epoch, so that
each measure comes once. Batches gather windows of like length up to a number of rows of the decoder
(`measures.network.rows`), so that little is padding and every batch costs the same. The batch of a step
depends on the seed and the step alone: an epoch has as many steps as the first one, and where it was cut into
a batch more or less, one is left out or comes twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch

from musicvae.measures.data.alphabet import PITCHES
from musicvae.measures.data.batch import MeasureBatch, Window, lay_notes, lay_out
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import COLUMNS, MeasureStore
from musicvae.midi.songs.key import transpose_key
from musicvae.midi.songs.ranges import concat_ranges

TRANSPOSITION = (-5, 6)  # semitones, both included: every key once


class WindowConfig(NamedTuple):
    """How windows are cut and gathered.

    Parameters
    ----------
    measures : int
        Of a window, at most.
    rows : int
        Of a batch, padding included, at most (a window longer than that is a batch of its own). Rows are
        those of the decoder that hears the song: barlines, and steps within a measure where notes begin.
    steps : int
        The same of batches for what says each measure by itself, cell by cell.
    alone : bool
        Whether they are for that.
    transpose : bool
    forget : float
        How often a window is not told its key, and how often not its style.
    seed : int
        Of where songs are cut, of the order of batches, of transpositions and of what is forgotten.
    """

    measures: int = 16
    rows: int = 512
    steps: int = 1024
    alone: bool = False
    transpose: bool = True
    forget: float = 0.4
    seed: int = 0


class _Spans(NamedTuple):
    """Windows of an epoch: the song, and the measures from `first` up to `after`; shape (windows,)."""

    song: np.ndarray
    first: np.ndarray
    after: np.ndarray


class WindowBatches:
    """Batches of windows of some songs of a store.

    Parameters
    ----------
    store : MeasureStore
    songs : np.ndarray of int
        Which songs.
    config : MeasureVAEConfig
        Of the model that the windows are for: its grid, meters and parts.
    plan : WindowConfig
    device : torch.device or str
    share : tuple of int
        (this process, all processes): each takes its part of an epoch's batches.
    """

    def __init__(
        self,
        store: MeasureStore,
        songs: np.ndarray,
        config: MeasureVAEConfig,
        plan: WindowConfig = WindowConfig(),  # noqa: B008 (immutable)
        device: torch.device | str = "cpu",
        share: tuple[int, int] = (0, 1),
    ) -> None:
        self.store = store
        self.songs = songs
        self.drums = np.array([part.is_drums for part in config.parts])
        self.steps = store.measure_steps(config.grid)
        self.meter = config.meter_indexes(store.meter)
        self.plan = plan
        self.device = device
        self.share = share
        self.alphabet = config.alphabet
        self.bands = config.number_bands(store.program)
        self._size = self.steps if plan.alone else count_rows(store)
        self._most = plan.steps if plan.alone else plan.rows
        self._epoch = lru_cache(maxsize=2)(self._gather)
        self._length = max(1, len(self._epoch(0)) // share[1])

    def __len__(self) -> int:
        """Return the steps in an epoch."""
        return self._length

    def first(self, most: int) -> list[MeasureBatch]:
        """Return the batches of the first steps of an epoch: so many, or all that there are."""
        return [self.at(step) for step in range(min(most, len(self)))]

    def at(self, step: int) -> MeasureBatch:
        """Return the batch of a step of the training."""
        epoch, index = divmod(step, self._length)
        batches = self._epoch(epoch)
        number = (index * self.share[1] + self.share[0]) % len(batches)
        rng = np.random.default_rng((self.plan.seed, epoch, number))
        return self._batch(batches[number], rng)

    def _gather(self, epoch: int) -> list[_Spans]:
        """Cut the songs, and put windows of like length together."""
        rng = np.random.default_rng((self.plan.seed, epoch))
        spans = self._cut(rng)
        ends = np.concatenate([[0], np.cumsum(self._size)])
        size = ends[spans.after] - ends[spans.first]
        # Sorted by length with some disorder, so that batches differ from epoch to epoch.
        order = np.argsort(size * rng.uniform(0.9, 1.1, len(size)), kind="stable")
        batches, begin, longest = [], 0, 0
        for index, length in enumerate(size[order]):
            longest = max(longest, int(length))
            if index > begin and longest * (index - begin + 1) > self._most:
                batches.append(order[begin:index])
                begin, longest = index, int(length)
        batches.append(order[begin:])
        rng.shuffle(batches)
        return [_Spans(*(column[chosen] for column in spans)) for chosen in batches]

    def _cut(self, rng: np.random.Generator) -> _Spans:
        first = self.store.song_offsets[self.songs]
        after = self.store.song_offsets[self.songs + 1]
        measures = after - first
        width = self.plan.measures
        # A song that fits is one window; a longer one begins with a window of 1 to `width` measures.
        opening = np.where(measures <= width, measures, rng.integers(1, width + 1, len(first)))
        windows = 1 + -(-(measures - opening) // width)
        song, number = concat_ranges(np.zeros_like(windows), windows)
        begin = first[song] + np.where(number > 0, opening[song] + (number - 1) * width, 0)
        end = np.minimum(first[song] + opening[song] + number * width, after[song])
        return _Spans(self.songs[song], begin, end)

    def _batch(self, spans: _Spans, rng: np.random.Generator) -> MeasureBatch:
        """Return windows as a batch, each transposed by a draw if the plan says so."""
        store = self.store
        counts = spans.after - spans.first
        window, measures = concat_ranges(spans.first, counts)
        within = measures - spans.first[window]
        columns, owner = store.notes_of(measures)
        notes = dict(zip(COLUMNS, columns.astype(np.int64), strict=True))
        key = store.key[spans.song].astype(np.int64)
        if self.plan.transpose:
            low, high = TRANSPOSITION
            shift = rng.integers(low, high + 1, len(counts))
            shift[self._leaves_range(notes, window[owner], shift)] = 0
            notes["pitch"] += np.where(self.drums[notes["part"]], 0, shift[window[owner]])
            key = transpose_key(key, shift)
        key[rng.random(len(key)) < self.plan.forget] = 0
        style = store.style[spans.song].astype(np.int64)
        style[rng.random(len(style)) < self.plan.forget] = 0
        place = measures - store.song_offsets[spans.song][window]
        left = store.song_offsets[spans.song + 1][window] - 1 - measures
        edges = np.cumsum(counts)[:-1]
        of_measure = (
            self.steps[measures],
            self.meter[measures],
            place,
            left,
            key[window],
            style[window],
            self.bands[spans.song][window],
        )
        split = [np.split(column, edges) for column in of_measure]
        layout = lay_out([Window(*each) for each in zip(*split, strict=True)], self.device)
        return MeasureBatch(
            layout, lay_notes(layout, window[owner] * layout.measures + within[owner], notes, self.alphabet)
        )

    def _leaves_range(
        self, notes: Mapping[str, np.ndarray], window: np.ndarray, shift: np.ndarray
    ) -> np.ndarray:
        """Return for each window whether its shift would move a pitch out of MIDI's range."""
        moved = notes["pitch"] + np.where(self.drums[notes["part"]], 0, shift[window])
        outside = np.zeros(len(shift), bool)
        outside[window[(moved < 0) | (moved >= PITCHES)]] = True
        return outside


def count_rows(store: MeasureStore) -> np.ndarray:
    """Return how many rows the decoder has for each measure: its barline, and later steps with onsets."""
    step = store.columns[COLUMNS.index("step")].astype(np.int64)
    measure = np.repeat(np.arange(store.measures), np.diff(store.note_offsets))
    most = int(step.max(initial=0)) + 1
    later = np.unique((measure * most + step)[step > 0]) // most
    return 1 + np.bincount(later, minlength=store.measures)


def split_songs(songs: int, shares: tuple[float, ...], seed: int) -> list[np.ndarray]:
    """Return the songs dealt out by seeded chance: one array of indexes for each share, the rest in the last.

    By song and never by measure, since neighbouring measures tell of each other.
    """
    order = np.random.default_rng(seed).permutation(songs)
    edges = np.round(np.cumsum(shares)[:-1] * songs).astype(int)
    return [np.sort(part) for part in np.split(order, edges)]
