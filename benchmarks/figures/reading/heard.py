"""What a reader hears in a piece, and how two readers differ."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

TOLERANCE = 0.015  # beats: half of the shortest note that is written, a 128th
_APART = 1_000_000  # beats from measure to measure, where each is compared by itself


class HeardNote(NamedTuple):
    """A note that sounds: when, how long (in beats), and where in which measure if the reader knows those."""

    onset: float
    length: float
    pitch: int
    measure: int = 0
    place: float = 0.0


class Heard(NamedTuple):
    """What a reader hears: notes without grace notes, and the seconds of the processor that it took.

    `remarks` are what the reader says of the piece, or what had to be changed before it could read it.
    """

    notes: list[HeardNote]
    seconds: float
    remarks: tuple[str, ...] = ()


class Difference(NamedTuple):
    """The notes that two readers have in common, those of another length, and those that one alone has."""

    same: int
    other_length: int
    only_ours: int
    only_theirs: int

    @property
    def is_none(self) -> bool:
        """Whether both hear the same."""
        return not (self.other_length or self.only_ours or self.only_theirs)

    def __str__(self) -> str:
        counts = {"of another length": self.other_length, "less": self.only_ours, "more": self.only_theirs}
        return ", ".join(f"{count} {which}" for which, count in counts.items() if count)


def lay_in_measures(notes: Iterable[HeardNote], barlines: Iterable[float]) -> list[HeardNote]:
    """Return the notes with their measures, which begin at the barlines."""
    starts = sorted({round(barline, 4) for barline in barlines} | {0.0})
    laid = []
    for note in notes:
        measure = bisect_right(starts, note.onset + TOLERANCE) - 1
        laid.append(note._replace(measure=measure, place=note.onset - starts[max(0, measure)]))
    return laid


def compare_all(ours: Heard, theirs: Heard) -> Difference:
    """Return how what two readers hear differs."""
    return _match(ours.notes, theirs.notes)


def compare_measures(ours: Heard, theirs: Heard) -> Difference:
    """Return how they differ within measures, wherever these begin, if both know measures."""
    if not all(any(note.measure for note in heard.notes) for heard in (ours, theirs)):
        return compare_all(ours, theirs)
    return _match(_apart(ours.notes), _apart(theirs.notes))


def _apart(notes: Iterable[HeardNote]) -> list[HeardNote]:
    return [note._replace(onset=note.measure * _APART + note.place) for note in notes]


def _match(ours: Sequence[HeardNote], theirs: Sequence[HeardNote]) -> Difference:
    """Pair the notes that are alike, then those that differ in length alone; each is paired once."""
    cells: dict[tuple[int, int], list[HeardNote]] = defaultdict(list)
    for note in theirs:
        cells[note.pitch, round(note.onset / TOLERANCE)].append(note)
    unlike = [note for note in ours if not _take(cells, note, with_length=True)]
    alone = [note for note in unlike if not _take(cells, note, with_length=False)]
    left = sum(map(len, cells.values()))
    return Difference(len(ours) - len(unlike), len(unlike) - len(alone), len(alone), left)


def _take(cells: dict[tuple[int, int], list[HeardNote]], note: HeardNote, with_length: bool) -> bool:
    """Take a note like this one out of the cells; say whether there was one."""
    cell = round(note.onset / TOLERANCE)
    for near in (cell, cell - 1, cell + 1):
        found = cells.get((note.pitch, near), [])
        for index, other in enumerate(found):
            is_long_as_this = abs(other.length - note.length) <= 2 * TOLERANCE
            if abs(other.onset - note.onset) <= TOLERANCE and (is_long_as_this or not with_length):
                del found[index]
                return True
    return False
