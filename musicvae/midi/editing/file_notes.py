"""The notes of a MIDI file, each with the events that make it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from musicvae.midi.editing.track_events import TrackEvents
from musicvae.midi.reading.smf.grace_notes import find_written
from musicvae.midi.reading.smf.midi_numbers import NOTE_ON
from musicvae.midi.songs.source import SOURCE_NOTE

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


def find_graces(notes: Iterable[FileNote], grace_ticks: int) -> dict[FileNote, int]:
    """Return the grace notes of a file, and the tick at which each is written: it sounds before.

    Parameters
    ----------
    notes : iterable of FileNote
    grace_ticks : int
        How long grace notes last; 0 if there are none.
    """
    ended = sorted((note for note in notes if grace_ticks and note.end is not None), key=lambda n: n.start)
    numbers = {player: number for number, player in enumerate({note.player for note in ended})}
    rows = [(n.start, n.end, n.pitch, n.velocity, numbers[n.player]) for n in ended]
    table = np.array(rows, SOURCE_NOTE)
    is_grace = table["end"] - table["start"] == grace_ticks
    found = zip(ended, find_written(table, grace_ticks).tolist(), is_grace.tolist(), strict=True)
    return {note: tick for note, tick, grace in found if grace}
