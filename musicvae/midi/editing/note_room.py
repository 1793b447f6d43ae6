"""New notes among given ones: on one channel no two of a pitch sound at once."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from musicvae.midi.editing.file_notes import TrackChannel


class NewNote(NamedTuple):
    """A note that a file is to have; it begins and ends at ticks."""

    start: int
    end: int
    pitch: int
    velocity: int
    player: TrackChannel


class KeyDown(NamedTuple):
    """A stretch of ticks in which a pitch sounds on a channel."""

    channel: int
    pitch: int
    start: int
    end: int


def fit_notes(notes: Sequence[NewNote], given: Iterable[KeyDown]) -> list[NewNote]:
    """Return new notes in order of their onsets, as far as there is room for them.

    One that begins while its pitch sounds begins when that ends, or is left out if it does not last longer;
    one that sounds when its pitch begins ends there.
    """
    end = max((note.end for note in notes), default=0)
    begin = min((note.start for note in notes), default=0)
    lanes: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for channel, pitch, first, last in given:
        if first < end and last > begin:
            lanes[channel, pitch].append((first, last))
    for lane in lanes.values():
        lane.sort()
    fitted = []
    for note in sorted(notes, key=lambda note: (note.start, -note.end)):
        lane = lanes[note.player.channel, note.pitch]
        if room := _find_room(note, lane):
            insort(lane, (room.start, room.end))
            fitted.append(room)
    return sorted(fitted, key=lambda note: note.start)


def _find_room(note: NewNote, lane: Sequence[tuple[int, int]]) -> NewNote | None:
    """Return the note between what sounds in its lane, in order; None if there is no room."""
    start, end = note.start, note.end
    for first, last in lane:
        if first <= start:
            start = max(start, last)
        else:
            end = min(end, first)
    return note._replace(start=start, end=end) if start < end else None
