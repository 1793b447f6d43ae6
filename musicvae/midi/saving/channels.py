"""Which channel of a MIDI file each track plays on.

Conventions
-----------
Drums play on channel 10. Pitched tracks have a channel each; where they are more than the channels, those of
one program share. More programs than channels take turns, as pieces one after another do: a channel changes
its program where a track begins to play, when all that played on it has ended. Where so many play at once
that even so there are too few, programs share channels, and all sound as the last of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.instruments import DRUM_CHANNEL, PITCHED_CHANNELS
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import Source


class Placement(NamedTuple):
    """The channel of a track, and the tick at which it takes its program there."""

    channel: int
    since: int = 0


def place_tracks(source: Source) -> list[Placement]:
    """Return the channel of each track of a source."""
    tracks = source.tracks
    if len({part.program for part in tracks if not part.is_drums}) > len(PITCHED_CHANNELS):
        in_turns = _take_turns(source)
        if in_turns is not None:
            return in_turns
    return [Placement(channel) for channel in _choose_channels(tracks)]


def count_clashing(source: Source) -> int:
    """Return how many pitched tracks sound as another, whose channel they share at the same time."""
    placed = zip(place_tracks(source), source.tracks, strict=True)
    pitched = [(placement, part.program) for placement, part in placed if not part.is_drums]
    if any(placement.since for placement, _ in pitched):  # they take turns
        return 0
    programs = Counter(
        channel for channel, _ in {(placement.channel, program) for placement, program in pitched}
    )
    return sum(programs[placement.channel] > 1 for placement, _ in pitched)


def _choose_channels(tracks: Sequence[Part]) -> list[int]:
    """Return the channel of each track: each program has one, and each track as long as there are any."""
    spare = len(PITCHED_CHANNELS) - len({part.program for part in tracks if not part.is_drums})
    playing: dict[int, list[int]] = {}  # the channels of each program
    taken, shared = 0, Counter[int]()
    channels = []
    for part in tracks:
        if part.is_drums:
            channels.append(DRUM_CHANNEL)
            continue
        own = playing.setdefault(part.program, [])
        if not own or spare > 0:
            spare -= bool(own)
            own.append(PITCHED_CHANNELS[taken % len(PITCHED_CHANNELS)])
            taken += 1
            channels.append(own[-1])
        else:
            channels.append(own[shared[part.program] % len(own)])
            shared[part.program] += 1
    return channels


def _take_turns(source: Source) -> list[Placement] | None:
    """Return the channel of each track where no two programs need one at a time; None if there are too few.

    A track takes the channel that has been silent for longest.
    """
    notes, count = source.notes, len(source.tracks)
    begin, end = np.full(count, np.iinfo(np.int64).max), np.zeros(count, np.int64)
    np.minimum.at(begin, notes["track"], notes["start"])
    np.maximum.at(end, notes["track"], notes["end"])
    placed = {track: Placement(DRUM_CHANNEL) for track, part in enumerate(source.tracks) if part.is_drums}
    silent_since = dict.fromkeys(PITCHED_CHANNELS, 0)
    for track in np.argsort(begin, kind="stable").tolist():
        if track in placed:
            continue
        if end[track] < begin[track]:  # it never plays
            placed[track] = Placement(PITCHED_CHANNELS[0], int(end.max()))
            continue
        channel = min(PITCHED_CHANNELS, key=lambda each: silent_since[each])
        if silent_since[channel] > begin[track]:
            return None
        placed[track] = Placement(channel, int(begin[track]) if silent_since[channel] else 0)
        silent_since[channel] = max(1, int(end[track]))
    return [placed[track] for track in range(count)]
