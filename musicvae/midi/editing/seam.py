"""The seam at which new measures follow a song: what hangs there is ended, what was turned down is restored.

Conventions
-----------
Songs end: pedals stay down, volumes have faded, a bend dives. None of that is meant for what follows, so at
the seam, after all that the file says there,

- pedals that are down are released, and notes that nothing ends are ended, on every channel: what sounds
  on would be heard through all new measures;
- on channels that new notes are played on, volume and expression come back to what the channel's notes
  usually had, if they are below it, and bend and program to the middle and to that of the last note.

What the file says later than the seam stays, and is corrected in the same way where it stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median_low

from musicvae.midi.editing.file_notes import FileNote, TrackChannel
from musicvae.midi.editing.midi_chunks import MidiFile
from musicvae.midi.editing.track_events import Event, Rank, TrackChanges, TrackEvents
from musicvae.midi.reading.smf.midi_numbers import BEND, CONTROL, NOTE_OFF, PROGRAM

VOLUME, EXPRESSION = 7, 11
PEDALS = (64, 66, 69)  # those that let notes sound on: damper, sostenuto, hold
CENTRE = 8192  # of a bend
_RESET = 121
_DOWN = 64  # a pedal at this value or above is down
_AT_FIRST = {VOLUME: 100, EXPRESSION: 127, BEND: CENTRE}
_AFTER_RESET = {**dict.fromkeys(PEDALS, 0), EXPRESSION: 127, BEND: CENTRE}


@dataclass
class _History:
    """What one setting of a channel was, event after event; its ticks in order."""

    ticks: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    tracks: list[int] = field(default_factory=list)

    def before(self, tick: int) -> int:
        """Return the last event up to a tick, by number; -1 if there is none."""
        return bisect_right(self.ticks, tick) - 1


_Setting = tuple[int, int]  # a channel, and a controller, BEND or PROGRAM


def settle(
    file: MidiFile,
    stretch: tuple[int, int],
    players: Iterable[TrackChannel],
    changes: Sequence[TrackChanges],
) -> None:
    """Add what settles a song to the changes of its tracks.

    Parameters
    ----------
    file : MidiFile
    stretch : (int, int)
        Ticks of the seam and of the end of the new measures.
    players : iterable of TrackChannel
        What plays new notes.
    changes : sequence of TrackChanges
        Of each track, to be added to.
    """
    seam, end = stretch
    _end_hanging(file.notes, seam, changes)
    playing = {player.channel: player.track for player in reversed(list(players))}
    onsets = _find_onsets(file.notes, seam)
    for (channel, what), history in _find_histories(file.tracks).items():
        if channel not in playing and what not in PEDALS:
            continue
        usual = _usual(what, history, onsets[channel])
        later = dict.fromkeys(tick for tick in history.ticks if seam < tick < end)
        for tick in (seam, *later):
            number = history.before(tick)
            if number < 0 or _fits(what, history.values[number], usual):
                continue
            is_its_own = history.ticks[number] == tick
            track = history.tracks[number] if is_its_own else playing.get(channel, history.tracks[number])
            _add(changes[track], tick, channel, what, usual)


def _end_hanging(notes: Sequence[FileNote], seam: int, changes: Sequence[TrackChanges]) -> None:
    """End the notes that nothing ends."""
    hanging = dict.fromkeys((n.player, n.pitch) for n in notes if n.end is None and n.start < seam)
    for player, pitch in hanging:
        changes[player.track].add(Rank.STATE, seam, NOTE_OFF | player.channel, bytes((pitch, 0)))


def _find_histories(tracks: Sequence[TrackEvents]) -> dict[_Setting, _History]:
    histories: defaultdict[_Setting, _History] = defaultdict(_History)
    told = [
        (event.tick, number, event.channel, what, value)
        for number, track in enumerate(tracks)
        for event in track.events
        if event.kind in (CONTROL, PROGRAM, BEND)
        for what, value in _read(event)
    ]
    for tick, number, channel, what, value in sorted(told, key=lambda each: each[:1]):
        history = histories[channel, what]
        history.ticks.append(tick)
        history.values.append(value)
        history.tracks.append(number)
    return histories


def _read(event: Event) -> Iterator[tuple[int, int]]:
    """Yield the settings that an event makes."""
    if event.kind == PROGRAM:
        yield PROGRAM, event.data[0]
    elif event.kind == BEND:
        yield BEND, event.data[0] | event.data[1] << 7
    elif event.data[0] == _RESET:
        yield from _AFTER_RESET.items()
    elif event.data[0] in (*PEDALS, VOLUME, EXPRESSION):
        yield event.data[0], event.data[1]


def _find_onsets(notes: Iterable[FileNote], seam: int) -> defaultdict[int, list[int]]:
    """Return when the notes of each channel begin."""
    onsets: defaultdict[int, list[int]] = defaultdict(list)
    for note in notes:
        if note.start < seam:
            onsets[note.player.channel].append(note.start)
    return onsets


def _usual(what: int, history: _History, onsets: Sequence[int]) -> int:
    """Return what a setting of a channel is to be when new notes follow."""
    if what not in (VOLUME, EXPRESSION, PROGRAM):
        return _AFTER_RESET[what]
    at_first = _AT_FIRST.get(what, 0)
    numbers = [history.before(tick) for tick in ([max(onsets)] if what == PROGRAM and onsets else onsets)]
    values = [history.values[number] if number >= 0 else at_first for number in numbers]
    return median_low(values) if values else at_first


def _fits(what: int, value: int, usual: int) -> bool:
    """Say whether a setting may stay when new notes follow."""
    if what in PEDALS:
        return value < _DOWN
    return value >= usual if what in (VOLUME, EXPRESSION) else value == usual


def _add(changes: TrackChanges, tick: int, channel: int, what: int, value: int) -> None:
    if what == PROGRAM:
        changes.add(Rank.STATE, tick, PROGRAM | channel, bytes((value,)))
    elif what == BEND:
        changes.add(Rank.STATE, tick, BEND | channel, bytes((value & 127, value >> 7)))
    else:
        changes.add(Rank.STATE, tick, CONTROL | channel, bytes((what, value)))
