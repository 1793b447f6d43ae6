"""The notes of a MIDI file, each with the events that make it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from musicvae.midi.editing.track_events import TrackEvents
from musicvae.midi.reading.smf.midi_numbers import NOTE_ON

_AFTER_NOTES = 0xA0  # statuses below are of notes


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


def _find_notes_of(track: int, events: TrackEvents) -> Iterator[FileNote]:
    ends: dict[int, int] = {}  # of each event that begins a note, the one that ends it
    sounding: defaultdict[tuple[int, int], deque[int]] = defaultdict(deque)  # events, by channel and pitch
    for number, (_, status, data, _) in enumerate(events.events):
        if status >= _AFTER_NOTES:
            continue
        begun = sounding[status & 0x0F, data[0]]
        if status >= NOTE_ON and data[1]:
            begun.append(number)
            ends[number] = -1
        elif begun:
            ends[begun.popleft()] = number
    players = [TrackChannel(track, channel) for channel in range(16)]
    for on, off in ends.items():
        tick, status, (pitch, velocity), _ = events.events[on]
        end = events.events[off].tick if off >= 0 else None
        yield FileNote(players[status & 0x0F], pitch, velocity, tick, end, on, off if off >= 0 else None)
