"""Tied notes as one note.

Conventions
-----------
A tie goes from the note that starts it to one of the same pitch that stops it and begins where that note
ends: in the same voice, or else in any. A tie that finds no other end leaves its note as it is.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import NamedTuple


class WrittenNote(NamedTuple):
    """A note as it is written: times in units, sounding pitch or drum key, its voice, and its ties."""

    start: int
    end: int
    pitch: int
    velocity: int
    is_drum: bool
    voice: str
    starts_tie: bool
    stops_tie: bool


def join_ties(notes: list[WrittenNote]) -> list[WrittenNote]:
    """Return the notes of a part in order of time, what is tied together being one."""
    notes = sorted(notes, key=lambda note: note[:2])  # a grace note before what it is tied to
    before = _find_ties(notes)
    joined, place = list(notes), list(range(len(notes)))  # where each note has gone
    for index, earlier in sorted(before.items()):
        place[index] = first = place[earlier]
        joined[first] = joined[first]._replace(end=notes[index].end)
    return [note for index, note in enumerate(joined) if index not in before]


def _find_ties(notes: list[WrittenNote]) -> dict[int, int]:
    """Return for each note that goes on with an earlier one which that is, both by their places."""
    starts = [index for index, note in enumerate(notes) if note.starts_tie]
    stops = [index for index, note in enumerate(notes) if note.stops_tie]
    before = _match(notes, starts, stops, same_voice=True)
    taken = set(before.values())
    starts = [index for index in starts if index not in taken]
    return before | _match(notes, starts, [index for index in stops if index not in before], same_voice=False)


def _match(notes: list[WrittenNote], starts: list[int], stops: list[int], same_voice: bool) -> dict[int, int]:
    waiting: defaultdict[tuple[int, int, bool, str], deque[int]] = defaultdict(deque)
    for index in starts:
        note = notes[index]
        waiting[note.end, note.pitch, note.is_drum, note.voice if same_voice else ""].append(index)
    before = {}
    for index in stops:
        note = notes[index]
        earlier = waiting.get((note.start, note.pitch, note.is_drum, note.voice if same_voice else ""))
        if earlier and earlier[0] < index:
            before[index] = earlier.popleft()
    return before
