"""What was changed in a song, note by note."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.key import pitch_name
from musicvae.midi.songs.song import Song

NEAR = 8  # sixteenths within which a note of the same pitch is taken to be the same one, moved


class NoteAt(NamedTuple):
    """A note where people look for it: measure and beat are counted from 1, a beat is a quarter note."""

    measure: int
    beat: float
    part: str
    pitch: int
    beats: float  # that it lasts

    def __str__(self) -> str:
        return f"{pitch_name(self.pitch)} at {self.measure}:{self.beat:g} for {self.beats:g}"


class Change(NamedTuple):
    """A note that was changed, left out (`after` is None) or added (`before` is None)."""

    before: NoteAt | None
    after: NoteAt | None

    @property
    def at(self) -> NoteAt:
        """The note, as it is now if it still is."""
        note = self.after or self.before
        if note is None:
            raise ValueError("a change of nothing into nothing")
        return note

    @property
    def what(self) -> str:
        """What was done to the note, in a word."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "left out"
        if self.before.pitch != self.after.pitch:
            return "repitched"
        return "moved" if self.before[:2] != self.after[:2] else "stretched"


def find_changes(before: Song, after: Song) -> tuple[Change, ...]:
    """Return what was done to a song, in order of time.

    Of notes that differ, those of one part that begin together are taken for the same one, and then those
    of one pitch that begin near each other.

    Parameters
    ----------
    before, after : Song
        Of one grid, the same meters and parts.
    """
    near = NEAR * after.grid.sixteenth
    gone, new = _tell_notes(before) - _tell_notes(after), _tell_notes(after) - _tell_notes(before)
    pairs = list(_pair(sorted(gone), sorted(new), near))
    left_out = gone - {old for old, _ in pairs}
    added = new - {fresh for _, fresh in pairs}
    every = [*pairs, *((old, None) for old in left_out), *((None, fresh) for fresh in added)]
    changes = (Change(*(_locate(after, note) for note in change)) for change in every)
    return tuple(sorted(changes, key=lambda change: (*change.at, change.what)))


_Note = tuple[int, int, int, int]  # start, part, pitch, length


def _tell_notes(song: Song) -> set[_Note]:
    return set(song.notes[["start", "part", "pitch", "length"]].tolist())


def _pair(gone: list[_Note], new: list[_Note], near: int) -> Iterator[tuple[_Note, _Note]]:
    """Yield notes that are no more with those that they became, no more steps off than are near."""
    free, moved = list(new), []
    for note in gone:
        found = next((other for other in free if other[:2] == note[:2]), None)
        if found is None:
            moved.append(note)
        else:
            free.remove(found)
            yield note, found
    for note in moved:
        alike = [other for other in free if other[1:3] == note[1:3] and abs(other[0] - note[0]) <= near]
        if alike:
            closest = min(alike, key=lambda other: abs(other[0] - note[0]))
            free.remove(closest)
            yield note, closest


def _locate(song: Song, note: _Note | None) -> NoteAt | None:
    """Return a note of a song where people look for it."""
    if note is None:
        return None
    start, part, pitch, length = note
    starts, per_beat = song.measure_starts, song.grid.steps_per_beat
    measure = int(np.searchsorted(starts, start, side="right"))
    beat = 1 + (start - int(starts[measure - 1])) / per_beat
    return NoteAt(measure, beat, song.parts[part].name, pitch, length / per_beat)
