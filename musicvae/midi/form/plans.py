"""Plans of repetition: which measure of a song is new, and which takes up an earlier one.

Conventions
-----------
A measure that takes up an earlier one, its *source*, has the same meter and says it note for note,
or *varied*. The *lag* is how many measures back the source lies; 0 stands for a new measure. Within
a *run* every measure has the lag of the one before: a section is taken up as a whole.

Notes are compared cut at the barlines (`midi.songs.measure_notes`), without their velocities. Silence
says nothing: an empty measure is new, unless it continues a run. No source lies more than `REACH`
measures back, so that a song of any length has its plan in time and memory that grow with its length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.measure_notes import song_to_measure_notes
from musicvae.midi.songs.song import Song

REACH = 256  # measures that a plan looks back
# Two measures are alike if as much of their onsets is the same (F1). Chance finds such a measure in
# another tune, in the same key and meter and of like range, for 4 % of the folk measures, and in their
# own tune they find one for 45 % (1 % and 8 % of the chorales'). At .5 to .6 it is chance for two folk
# measures in three, at .6 to .7 for two in five, from .7 on for one in ten.
ALIKE = 0.6
_BLOCK = 256  # measures compared with their past at once


@dataclass(frozen=True, eq=False)
class Plan:
    """Which measures of a song take up which earlier ones.

    Parameters
    ----------
    source : np.ndarray of int64, shape (N,)
        The earlier measure that each measure takes up; -1 for a new one.
    varied : np.ndarray of bool, shape (N,)
        Whether it is taken up with changes; False says note for note, and for a new measure nothing.
    upbeat : bool
        Whether the first measure is a pick-up: then phrases are counted from the second one.

    Raises
    ------
    ValueError
        If a source is no earlier measure, a new measure is varied, or the shapes differ.
    """

    source: np.ndarray
    varied: np.ndarray
    upbeat: bool = False

    def __post_init__(self) -> None:
        source, varied = np.array(self.source, np.int64), np.array(self.varied, bool)
        if source.ndim != 1 or source.shape != varied.shape:
            raise ValueError("a plan needs one source and one word on changes for each measure")
        if np.any(source >= np.arange(len(source))) or np.any(source < -1):
            raise ValueError("a measure can only take up an earlier one, or none (-1)")
        if np.any(varied & (source < 0)):
            raise ValueError("a new measure cannot be varied: it takes up no other")
        for name, array in (("source", source), ("varied", varied)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def measures(self) -> int:
        """Number of measures, N."""
        return len(self.source)

    @property
    def lag(self) -> np.ndarray:
        """How many measures back each source lies, 0 for a new measure, shape (N,)."""
        return np.where(self.source < 0, 0, np.arange(self.measures) - self.source)


def lags_to_plan(lag: np.ndarray, varied: np.ndarray, upbeat: bool = False) -> Plan:
    """Return the plan with these lags. Inverse of `Plan.lag`."""
    lag = np.asarray(lag, np.int64)
    return Plan(np.where(lag == 0, -1, np.arange(len(lag)) - lag), varied, upbeat)


def find_plan(song: Song) -> Plan:
    """Return which measures of a song take up which earlier ones.

    A measure that says an earlier one note for note is never called varied. Of several sources
    the one that continues the run counts; else the one from which the longest run goes on, and of
    such the most recent.
    """
    same, alike, empty = _compare(song)
    run = np.zeros((song.measures + 1, alike.shape[1]), np.int32)
    for measure in range(song.measures - 1, -1, -1):  # how many measures go on to be alike at each lag
        run[measure] = np.where(alike[measure], run[measure + 1] + 1, 0)
    exact = np.any(same, axis=1)
    lag = np.zeros(song.measures, np.int64)
    for measure in np.flatnonzero(np.any(alike, axis=1)).tolist():
        choices = same[measure] if exact[measure] else alike[measure]
        before = int(lag[measure - 1])
        if before and choices[before - 1]:
            lag[measure] = before
        elif not empty[measure]:
            lag[measure] = 1 + np.argmax(np.where(choices, run[measure], 0))  # the first: the most recent
    upbeat = len(song.notes) > 0 and bool(song.notes["start"][0] > 0)
    return lags_to_plan(lag, (lag > 0) & ~exact, upbeat)


class _Comparison(NamedTuple):
    """Which measures are the same as, and alike, the one some lag back (column 0: lag 1); which are empty."""

    same: np.ndarray  # (N, lags)
    alike: np.ndarray  # (N, lags)
    empty: np.ndarray  # (N,)


def _compare(song: Song) -> _Comparison:
    notes = song_to_measure_notes(song)
    onset = notes["step"].astype(np.int64) << 24 | notes["pitch"].astype(np.int64) << 17
    onset |= notes["part"].astype(np.int64) << 1 | notes["held"]
    note = onset << 16 | notes["length"]
    meter = np.unique([str(meter) for meter in song.meters], return_inverse=True)[1]
    count = np.bincount(notes["measure"], minlength=song.measures)
    back = np.arange(1, 1 + max(1, min(REACH, song.measures - 1)))
    same, alike = np.zeros((2, song.measures, len(back)), bool)
    for begin in range(0, song.measures, _BLOCK):
        block = slice(begin, begin + _BLOCK)
        past = np.arange(song.measures)[block, None] - back  # (block, lags)
        both = count[block, None] + count[past]
        comparable = (past >= 0) & (meter[block, None] == meter[past])
        alike[block] = comparable & (2 * _count_shared(notes["measure"], onset, past) >= ALIKE * both)
        same[block] = alike[block] & (2 * _count_shared(notes["measure"], note, past) == both)
    return _Comparison(same, alike, count == 0)


def _count_shared(owner: np.ndarray, symbol: np.ndarray, past: np.ndarray) -> np.ndarray:
    """Return how many symbols measures share with those before them, shape (block, lags) like `past`.

    Parameters
    ----------
    owner, symbol : np.ndarray of int, shape (notes,)
        The measure of each note, rising, and what stands for the note.
    past : np.ndarray of int, shape (block, lags)
        The measures before each of some neighbouring measures; for those below 0 any number comes out.
    """
    begin, after, first = past[0, 0] + 1, past[-1, 0] + 2, max(0, past[0, -1])
    inside = slice(*np.searchsorted(owner, [first, after]))
    kinds, kind = np.unique(symbol[inside], return_inverse=True)
    table = np.zeros((after - first, len(kinds)), np.float32)
    table[owner[inside] - first, kind] = 1
    shared = table[begin - first :] @ table.T  # (block, measures looked at)
    return np.take_along_axis(shared, np.maximum(past - first, 0), axis=1)
