"""The notes of a MIDI file, each with the events that make it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from musicvae.midi.editing.track_events import NOTE_OFF, NOTE_ON, TrackEvents


class TrackChannel(NamedTuple):
    """A channel within a track: who plays a note."""

    track: int
    channel: int


class FileNote(NamedTuple):
    """A note of a MIDI file.

    Parameters
    ----------
    player : TrackChannel
    pitch, velocity : int
    start : int
        Tick.
    end : int, optional
        Tick; None of a note that nothing ends.
    on : int
        The event of its track that begins it, by number.
    off : int, optional
        The event that ends it.
    """

    player: TrackChannel
    pitch: int
    velocity: int
    start: int
    end: int | None
    on: int
    off: int | None


def find_notes(tracks: Iterable[TrackEvents]) -> list[FileNote]:
    """Return all notes, by tracks; of one pitch the first to begin is the first to end."""
    return [note for track, events in enumerate(tracks) for note in _find_notes_of(track, events)]


def _find_notes_of(track: int, events: TrackEvents) -> Sequence[FileNote]:
    notes: list[FileNote] = []
    sounding: dict[tuple[int, int], deque[int]] = {}  # notes of each channel and pitch, by number
    for number, event in enumerate(events.events):
        if event.kind not in (NOTE_OFF, NOTE_ON):
            continue
        pitch, velocity = event.data
        begun = sounding.setdefault((event.channel, pitch), deque())
        if event.kind == NOTE_ON and velocity:
            begun.append(len(notes))
            player = TrackChannel(track, event.channel)
            notes.append(FileNote(player, pitch, velocity, event.tick, None, number, None))
        elif begun:
            first = begun.popleft()
            notes[first] = notes[first]._replace(end=event.tick, off=number)
    return notes
