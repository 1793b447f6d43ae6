"""A measure and those that follow it, as they are being put right.

Conventions
-----------
A passage is an array of TRACED, sorted: the notes that sound in the measure or after it, or until it begins.
Its barlines are steps of the song, one more than there are measures. Every note knows its *source*, which of
the given notes it is. A *line* is a part that sounds one note at a time: what goes on when its next note
begins is cut there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes
from musicvae.midi.songs.notes import NOTE, sort_notes, tidy_notes

NEW = -1  # the source of a note that was not given
TRACED = np.dtype([*NOTE.descr, ("source", np.int32)])
_FIELDS = list(NOTE.names or ())


class Scope(NamedTuple):
    """Where repairs are looked for.

    Parameters
    ----------
    barlines : np.ndarray, shape (measures + 1,)
        Of the passage, in steps of the song; the first measure is to be put right.
    within : tuple of int
        Steps between which the song has its notes: the silence before and after is meant.
    lines : tuple of int
        Parts that sound one note at a time.
    sources : np.ndarray of int
        The given notes that the passage is made of, and those that were left out of it.
    sixteenth : int
        Steps of one.
    """

    barlines: np.ndarray
    within: tuple[int, int]
    lines: tuple[int, ...]
    sources: np.ndarray
    sixteenth: int = 1

    @property
    def first(self) -> int:
        """The step at which the measure begins."""
        return int(self.barlines[0])

    @property
    def after(self) -> int:
        """The step at which the next one begins."""
        return int(self.barlines[1])

    @property
    def end(self) -> int:
        """The step at which the passage ends."""
        return int(self.barlines[-1])

    def starts_near(self, start: int, sixteenths: int) -> list[int]:
        """Return where else a note may have begun, no more sixteenths off: into the measure or out of it."""
        last, far = self.end if start < self.after else self.after, sixteenths * self.sixteenth
        near = range(max(self.first, start - far), min(last, start + far + 1))
        return [step for step in near if step != start and self.is_usual(step)]

    def find_usual(self, notes: np.ndarray) -> np.ndarray:
        """Return the steps of the measure, counted from its barline, where notes often begin or one does."""
        begun = notes["start"][self.holds(notes["start"])].astype(np.int64) - self.first
        steps = range(self.after - self.first)
        return np.union1d(begun, [step for step in steps if self.is_usual(self.first + step)])

    def is_usual(self, step: int) -> bool:
        """Say whether notes often begin there: at a sixteenth, or at a triplet of a finer grid."""
        place = step - self.first
        return place % self.sixteenth == 0 or 3 * place % (2 * self.sixteenth) == 0

    def holds(self, steps: np.ndarray) -> np.ndarray:
        """Say of each step whether it lies in the measure to be put right."""
        return (steps >= self.first) & (steps < self.after)


def trace(notes: np.ndarray) -> np.ndarray:
    """Return the notes of a song, each its own source."""
    traced = np.empty(len(notes), TRACED)
    traced[_FIELDS] = notes[_FIELDS]
    traced["source"] = np.arange(len(notes))
    return traced


def untrace(notes: np.ndarray) -> np.ndarray:
    """Return traced notes as those of a song."""
    return notes[_FIELDS].astype(NOTE)


def settle(notes: np.ndarray, lines: Sequence[int]) -> np.ndarray | None:
    """Return the notes of a passage in order, lines cut; None if two notes of a line begin together."""
    notes = sort_notes(notes).copy()
    for line in lines:
        index = np.flatnonzero(notes["part"] == line)
        apart = np.diff(notes["start"][index])
        if (apart == 0).any():
            return None
        notes["length"][index[:-1]] = np.minimum(notes["length"][index[:-1]], apart)
    return tidy_notes(notes)


def cut_passages(passages: Sequence[np.ndarray], barlines: np.ndarray) -> list[list[MeasureNotes]]:
    """Return the notes of each measure between the barlines, for each passage."""
    owner = np.repeat(np.arange(len(passages)), [len(notes) for notes in passages])
    notes = np.concatenate(passages)
    start, end = notes["start"].astype(np.int64), notes["start"].astype(np.int64) + notes["length"]
    measures = []
    for first, after in zip(barlines[:-1], barlines[1:], strict=True):
        inside = np.flatnonzero((start < after) & (end > first))
        measure = np.zeros(len(inside), MEASURE_NOTE)
        begin = np.maximum(start[inside], first)
        measure["step"] = begin - first
        measure["length"] = np.minimum(end[inside], after) - begin
        measure["held"] = start[inside] < first
        for name in ("pitch", "part", "velocity"):
            measure[name] = notes[name][inside]
        measures.append(np.split(measure, np.searchsorted(owner[inside], np.arange(1, len(passages)))))
    return [list(own) for own in zip(*measures, strict=True)]


def passage_key(notes: np.ndarray) -> bytes:
    """Return what is the same for passages with the same notes."""
    return np.stack([notes[name].astype(np.int64) for name in ("start", "part", "pitch", "length")]).tobytes()
