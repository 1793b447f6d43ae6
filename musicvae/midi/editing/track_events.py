"""The events of a track, each with its own bytes: taken from a sound file, and put back with changes.

Conventions
-----------
- What stays keeps its bytes and its tick. An event that had no status byte of its own (running status)
  gets one only where the event before it is no longer the one that was before it.
- Of events at one tick those that stay keep their order. New ones have a `Rank`, which says where they
  stand among them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from musicvae.midi.reading.smf.midi_bytes import lay_events, read_quantity
from musicvae.midi.reading.smf.midi_numbers import BEND, END, META, PROGRAM, SYSTEM_DATA

_SYSEX = (0xF0, 0xF7)


class Event(NamedTuple):
    """An event of a track.

    Parameters
    ----------
    tick : int
    status : int
        Of a channel event with its channel, be it the running one.
    data : bytes
        All that follows the status byte.
    spoken : bool
        Whether the status byte stands in the file.
    """

    tick: int
    status: int
    data: bytes
    spoken: bool = True

    @property
    def is_of_channel(self) -> bool:
        """Whether it concerns one channel: notes, controllers, programs, bends."""
        return self.status < 0xF0

    @property
    def kind(self) -> int:
        """What it is: the status byte, of channel events without the channel."""
        return self.status & 0xF0 if self.is_of_channel else self.status

    @property
    def channel(self) -> int:
        """The channel that a channel event concerns."""
        return self.status & 0x0F

    def is_meta(self, kind: int) -> bool:
        """Say whether it is a meta event of a kind."""
        return self.status == META and self.data[0] == kind


class TrackEvents(NamedTuple):
    """The events of a track, and the tick at which it ends."""

    events: tuple[Event, ...]
    end: int


class Rank(IntEnum):
    """Where a new event stands among those of its tick."""

    FIRST = 0
    END = 1  # before what was there: the end of a note that is struck again
    KEPT = 2
    STATE = 3
    ONSET = 4


class Added(NamedTuple):
    """A new event of a track."""

    rank: Rank
    event: Event


@dataclass
class TrackChanges:
    """What becomes of a track: events left out, by number, new ones, and the earliest tick for its end."""

    dropped: set[int] = field(default_factory=set)
    added: list[Added] = field(default_factory=list)
    end: int = 0

    def __bool__(self) -> bool:
        """Say whether anything changes."""
        return bool(self.dropped or self.added)

    def add(self, rank: Rank, tick: int, status: int, data: bytes) -> None:
        """Add an event."""
        self.added.append(Added(rank, Event(tick, status, data)))

    def move(self, number: int, event: Event, rank: Rank, tick: int) -> None:
        """Let an event of the track come at another tick."""
        self.dropped.add(number)
        self.add(rank, tick, event.status, event.data)


def parse_events(data: bytes) -> TrackEvents:
    """Return the events of a track chunk that is sound.

    Raises
    ------
    IndexError
        If it is cut off.
    """
    events: list[Event] = []
    at = tick = running = 0
    while at < len(data):
        delta, at = read_quantity(data, at)
        tick += delta
        status = data[at]
        spoken = status >= 0x80
        at += spoken
        if status < 0xF0:
            running = status if spoken else running
            end = at + _data_bytes(running)
        else:
            end = _find_end(data, at, status)
        if end > len(data):
            raise IndexError("it is cut off")
        if status == META and data[at] == END:
            break
        events.append(Event(tick, status if spoken else running, data[at:end], spoken))
        at = end
    return TrackEvents(tuple(events), tick)


def _data_bytes(status: int) -> int:
    if status == 0:
        raise IndexError("an event has no status")
    return 1 if PROGRAM <= status < BEND else 2


def _find_end(data: bytes, at: int, status: int) -> int:
    """Return where an event ends that is no channel event and whose status stands before `at`."""
    if status == META or status in _SYSEX:
        size, begin = read_quantity(data, at + (status == META))
        return begin + size
    return at + SYSTEM_DATA.get(status, 0)


def write_events(track: TrackEvents, changes: TrackChanges) -> bytes:
    """Return the bytes of a track chunk with changes."""
    events = tuple(_change(track, changes))
    end = max(track.end, changes.end, events[-1].tick if events else 0)
    return lay_events(((event.tick, _to_bytes(event)) for event in events), end)


def _change(track: TrackEvents, changes: TrackChanges) -> Iterator[Event]:
    """Yield what stays and what is new, in order, each with a status byte where it needs one."""
    new = deque(sorted(changes.added, key=lambda added: (added.event.tick, added.rank)))
    is_broken = False  # whether the running status may no longer be the one that was meant
    for number, event in enumerate(track.events):
        while new and (new[0].event.tick, new[0].rank) < (event.tick, Rank.KEPT):
            is_broken = True
            yield new.popleft().event
        if number in changes.dropped:
            is_broken = True
        elif is_broken and event.is_of_channel:
            is_broken = False
            yield event._replace(spoken=True)
        else:
            yield event
    yield from (added.event for added in new)


def _to_bytes(event: Event) -> bytes:
    return bytes((event.status,)) + event.data if event.spoken else event.data
