"""Runs of measures as one number each: the same music in any key has the same number.

Conventions
-----------
A window is a number of measures in a row. Its hash is made of the notes that begin in it: for each its
part, its time from the window's first barline in beats, and its interval to the window's first
pitched note; a drum's key stands for itself, since drums are never transposed. Two windows with
one hash therefore say the same intervals in the same rhythm in all parts, one of them perhaps
transposed as a whole. Lengths, velocities, tempo and the grid do not matter, nor does a note that
already sounds when the window begins.

A window with fewer pitched notes than measures says too little to be known by, and is left out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from musicvae.midi.likeness.hashing import hash_rows
from musicvae.midi.songs.ranges import concat_ranges
from musicvae.midi.songs.song import Song


class MeasureWindows(NamedTuple):
    """Windows of a song, those left out that say too little; both of shape (windows,)."""

    first: np.ndarray  # the first measure of each
    hashes: np.ndarray  # uint64


def hash_windows(song: Song, measures: int) -> MeasureWindows:
    """Return every window of so many measures, one beginning at each measure of the song that it fits.

    Parameters
    ----------
    song : Song
    measures : int
        1 or more.
    """
    if song.measures < measures:
        return MeasureWindows(np.zeros(0, np.int64), np.zeros(0, np.uint64))
    barlines = song.measure_starts
    drums = [index for index, part in enumerate(song.parts) if part.is_drums]
    is_pitched = ~np.isin(song.notes["part"], drums)
    edges = np.searchsorted(song.notes["start"], barlines)  # the first note of each measure, and the end
    pitched = np.concatenate([[0], np.cumsum(is_pitched)])[edges]  # pitched notes before each barline
    first = np.flatnonzero(pitched[measures:] - pitched[:-measures] >= measures)
    sizes = edges[first + measures] - edges[first]
    window, note = concat_ranges(edges[first], sizes)
    notes, is_pitched = song.notes[note], is_pitched[note]
    opening = np.flatnonzero(is_pitched)[np.unique(window[is_pitched], return_index=True)[1]]
    height = np.where(is_pitched, notes["pitch"] - notes["pitch"][opening][window], notes["pitch"])
    # Division is rounded correctly everywhere, so that equal fractions of a beat have equal bits.
    beat = (notes["start"] - barlines[first][window]) / song.grid.steps_per_beat
    rows = np.stack([beat.view(np.uint64), _unsigned(notes["part"]), _unsigned(height)], axis=1)
    # The notes of a window are a set, and its hash is their sum; sums run on past 2**64 without harm.
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(hash_rows(rows), dtype=np.uint64)])
    return MeasureWindows(first, np.diff(sums[np.cumsum(sizes)], prepend=sums[:1]))


def _unsigned(numbers: np.ndarray) -> np.ndarray:
    return numbers.astype(np.int64).view(np.uint64)
