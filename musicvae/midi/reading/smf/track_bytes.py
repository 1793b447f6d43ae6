"""Walk the bytes of one MIDI track and write them anew, clean.

What comes out holds channel events, tempi, time signatures and key signatures alone; everything
else (texts, SysEx, meta events that are too short or say something impossible) becomes an empty
text after the same delta, so that no note moves. Texts are told apart, for `musicvae.midi.reading.smf.texts`.

Conventions
-----------
- Channel events are taken in whole stretches (see `musicvae.midi.reading.smf.stretches`); Python looks at the
  other events alone, so that a file of a million notes takes a fraction of a second.
- Running status goes on across meta events and SysEx, as most programs write it.
- A note with a pitch above 127 is left out; a velocity above 127 is set to 127.
- A track is read up to its first event that cannot be read.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from musicvae.midi.reading.smf.midi_bytes import read_quantity
from musicvae.midi.reading.smf.midi_numbers import (
    END,
    KEY,
    LYRIC,
    MARKER,
    METER,
    NAME,
    SYSTEM_DATA,
    TEMPO,
    TEXT,
)
from musicvae.midi.reading.smf.stretches import PAIRS, SINGLES, count_pairs, count_singles

_QUANTITY = re.compile(rb"[\x80-\xff]{0,3}+[\x00-\x7f]")
EMPTY_TEXT = b"\xff\x01\x00"
_LONGEST_TEXT = 800  # bytes
_FASTEST = 10_000  # microseconds per quarter note
_SHORTEST_NOTE = 6  # power of two


class TextEvent(NamedTuple):
    """A text of a track: which of its pieces stands for it, its kind as a meta event, its bytes."""

    piece: int
    kind: int
    code: bytes


@dataclass
class Track:
    """What was read of one track.

    Parameters
    ----------
    pieces : list of bytes
        Its events as they are to be written, without the end-of-track event.
    end : int
        Where reading stopped.
    ended : bool
        Whether it stopped at an end-of-track event.
    fault : str
        Why the rest could not be read; "" if all was.
    texts : list of TextEvent
    ticks : int
        Sum of the deltas.
    note_ons : int
        Note-on events with a velocity above 0.
    unended : tuple of int
        128 x channel + pitch of each note-on that lacks a note-off.
    channels : frozenset of int
        Those on which notes begin.
    programs : dict of int to int
        The first program that it sets on each channel.
    mended : int
        Channel events with a data byte above 127.
    steps : int
        How many times Python had to look.
    ignored : Counter of str
        Meta events that say nothing possible, by what they should say.
    """

    pieces: list[bytes] = field(default_factory=list)
    end: int = 0
    ended: bool = False
    fault: str = ""
    texts: list[TextEvent] = field(default_factory=list)
    ticks: int = 0
    note_ons: int = 0
    unended: tuple[int, ...] = ()
    channels: frozenset[int] = frozenset()
    programs: dict[int, int] = field(default_factory=dict)
    mended: int = 0
    steps: int = 0
    ignored: Counter[str] = field(default_factory=Counter)


class _UnreadableError(Exception):
    """An event that cannot be read; the message says why."""


def parse_track(data: bytes, begin: int, end: int, most_steps: int) -> Track:
    """Return the track whose events stand from byte `begin` on, up to its end-of-track event or byte `end`.

    After `most_steps` events or stretches of events it stops, so that no file takes long.
    """
    walk = _Walk(data, begin, end)
    try:
        walk.run(most_steps)
    except _UnreadableError as error:
        walk.track.fault = str(error)
    pairs, singles = count_pairs(walk.pairs), count_singles(walk.singles)
    walk.track.note_ons, walk.track.unended = pairs.note_ons, pairs.unended
    walk.track.channels, walk.track.programs = pairs.channels, singles.programs
    walk.track.ticks += pairs.ticks + singles.ticks
    walk.track.end = walk.at
    return walk.track


class _Walk:
    """Where a walk over the bytes of a track stands."""

    def __init__(self, data: bytes, begin: int, end: int) -> None:
        self.data, self.at, self.end = data, begin, end
        self.track = Track()
        self.pairs: list[bytes] = []
        self.singles: list[bytes] = []
        self.running: re.Pattern[bytes] | None = None  # the kind of event that needs no status

    def run(self, most_steps: int) -> None:
        while self.at < self.end and not self.track.ended and self.track.steps < most_steps:
            self.track.steps += 1
            delta = _QUANTITY.match(self.data, self.at, self.end)
            if delta is None or delta.end() == self.end:
                raise _UnreadableError("it is cut off" if self.end - self.at <= 4 else "a time is too long")
            status = self.data[delta.end()]
            if status < 0xF0:
                self._take_stretch(delta.end(), status)
            else:
                self._take_other(delta.group(), delta.end(), status)

    def _take_stretch(self, at: int, status: int) -> None:
        """Take channel events, of which the first has its status (or data, where that is running) at `at`."""
        if status >= 0x80:
            self.running = SINGLES if 0xC0 <= status < 0xE0 else PAIRS
        if self.running is None:
            raise _UnreadableError("an event has no status")
        stretch = self.running.match(self.data, self.at, self.end)
        if stretch is None:
            self._mend_event(at + (status >= 0x80), 2 if self.running is PAIRS else 1)
        else:
            self._take(stretch.group(), stretch.end())

    def _mend_event(self, at: int, size: int) -> None:
        """Take an event with a data byte above 127; its data bytes stand at `at`."""
        values = bytes(min(value, 127) for value in self.data[at : min(at + size, self.end)])
        if len(values) < size:
            raise _UnreadableError("it is cut off")
        if size == 2 and self.data[at] > 127:
            values = b"\x00\x00"  # as a note-on this begins nothing, and the running status goes on
        self.track.mended += 1
        self._take(self.data[self.at : at] + values, at + size)

    def _take(self, stretch: bytes, end: int) -> None:
        self.track.pieces.append(stretch)
        (self.pairs if self.running is PAIRS else self.singles).append(stretch)
        self.at = end

    def _take_other(self, delta: bytes, at: int, status: int) -> None:
        """Take an event that is no channel event and whose status stands at `at`."""
        piece = EMPTY_TEXT
        if status == 0xFF:
            kind = self.data[at + 1] if at + 1 < self.end else 0
            piece = self._take_meta(kind, self._take_payload(at + 2))
        elif status in (0xF0, 0xF7):
            self._take_payload(at + 1)
        else:
            self.at = min(at + 1 + SYSTEM_DATA.get(status, 0), self.end)
        self.track.ticks += read_quantity(delta).number
        self.track.pieces.append(delta + piece)

    def _take_payload(self, at: int) -> bytes:
        """Return the bytes that follow their number, which stands at `at`; go on behind them."""
        number = _QUANTITY.match(self.data, at, self.end)
        size = read_quantity(number.group()).number if number else 0
        if number is None or number.end() + size > self.end:
            raise _UnreadableError("it is cut off")
        self.at = number.end() + size
        return self.data[number.end() : self.at]

    def _take_meta(self, kind: int, payload: bytes) -> bytes:
        """Return the meta event as it is to be written: as it was, or empty."""
        if kind == END:
            self.track.ended = True
        elif kind in (TEXT, NAME, LYRIC, MARKER) and payload:
            self.track.texts.append(TextEvent(len(self.track.pieces), kind, _shorten(payload)))
        elif kind in _WHAT and _is_possible(kind, payload):
            return bytes((0xFF, kind, len(payload))) + payload
        elif kind in _WHAT:
            self.track.ignored[_WHAT[kind]] += 1
        return EMPTY_TEXT


_WHAT = {TEMPO: "tempi", METER: "time signatures", KEY: "key signatures"}


def _is_possible(kind: int, payload: bytes) -> bool:
    if kind == TEMPO:
        return len(payload) == 3 and int.from_bytes(payload) >= _FASTEST
    if kind == METER:
        return len(payload) == 4 and payload[0] > 0 and payload[1] <= _SHORTEST_NOTE
    return len(payload) == 2 and payload[1] <= 1 and (payload[0] <= 7 or payload[0] >= 256 - 7)


def _shorten(code: bytes) -> bytes:
    """Return the beginning of a long text, cut where no letter of several bytes is."""
    return code if len(code) <= _LONGEST_TEXT else re.sub(rb"[\x80-\xff]+\Z", b"", code[:_LONGEST_TEXT])
