"""Headers, chunks and numbers of the Standard MIDI File.

It knows how a file is laid out, not what its events mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from musicvae.errors import SongError

LARGEST_DELTA = 2**28 - 1
END_OF_TRACK = b"\x00\xff\x2f\x00"

_HEADER_BYTES = 14


class Header(NamedTuple):
    """What the header of a file says, and where the first chunk after it begins."""

    kind: int  # 0: one track, 1: tracks that play together, 2: sequences
    tracks: int
    ticks_per_beat: int
    end: int


def find_header(data: bytes) -> int:
    """Return where the header begins: at once, or inside a RIFF or MacBinary file; -1 if there is none."""
    return data.find(b"MThd", 0, None if data.startswith(b"RIFF") else 256)


def parse_header(data: bytes) -> Header:
    """Return the header of a file.

    Raises
    ------
    SongError
        If there is none, or it counts time in a way that has no beats.
    """
    begin = find_header(data)
    if begin < 0 or len(data) < begin + _HEADER_BYTES:
        raise SongError("it is no MIDI file: it has no whole header" if data else "it is empty")
    length, kind, tracks, division = (
        int.from_bytes(data[begin + first : begin + last])
        for first, last in ((4, 8), (8, 10), (10, 12), (12, 14))
    )
    if division >= 0x8000:
        raise SongError("it counts time in film frames (SMPTE), not in beats: export it with ticks per beat")
    if division == 0:
        raise SongError("it has 0 ticks to the beat: export it again")
    # The length is 6; a longer header is allowed, an absurd one is damage.
    return Header(kind, tracks, division, begin + 8 + (length if 6 <= length <= 64 else 6))


def make_chunk(name: bytes, data: bytes) -> bytes:
    """Return a chunk of a file."""
    return name + len(data).to_bytes(4) + data


def lay_events(events: Iterable[tuple[int, bytes]], end: int) -> bytes:
    """Return the bytes of a track, its end included.

    Parameters
    ----------
    events : iterable of (int, bytes)
        The tick and the bytes of each, in order of ticks.
    end : int
        Tick at which the track ends, no earlier than its last event.
    """
    pieces: list[bytes] = []
    now = 0
    for tick, event in chain(events, [(end, END_OF_TRACK[1:])]):
        while tick - now > LARGEST_DELTA:
            pieces.append(make_meta(LARGEST_DELTA, 0x01))
            now += LARGEST_DELTA
        pieces += [quantity_to_bytes(tick - now), event]
        now = tick
    return b"".join(pieces)


def make_midi(kind: int, ticks_per_beat: int, tracks: Sequence[Sequence[bytes]]) -> bytes:
    """Return a file of tracks, each a sequence of pieces without the end-of-track event."""
    chunks = [make_chunk(b"MTrk", b"".join([*track, END_OF_TRACK])) for track in tracks]
    return b"".join([make_header(kind, len(tracks), ticks_per_beat), *chunks])


def make_header(kind: int, tracks: int, ticks_per_beat: int) -> bytes:
    """Return the header of a file."""
    return make_chunk(b"MThd", b"".join(value.to_bytes(2) for value in (kind, tracks, ticks_per_beat)))


def make_meta(delta: int, kind: int, payload: bytes = b"") -> bytes:
    """Return a meta event, `delta` ticks after the event before it."""
    return quantity_to_bytes(delta) + bytes((0xFF, kind)) + quantity_to_bytes(len(payload)) + payload


def make_silence(ticks: int) -> list[bytes]:
    """Return empty texts that let this time pass."""
    whole, rest = divmod(ticks, LARGEST_DELTA)
    return [make_meta(delta, 0x01) for delta in [LARGEST_DELTA] * whole + [rest] * (rest > 0)]


def quantity_to_bytes(number: int) -> bytes:
    """Return a number in MIDI's variable length. Inverse of `read_quantity`."""
    code = [number & 127]
    while number := number >> 7:
        code.append(number & 127 | 128)
    return bytes(reversed(code))


class _Quantity(NamedTuple):
    number: int
    end: int  # where the byte after it stands


def read_quantity(data: bytes, at: int = 0) -> _Quantity:
    """Return the number in variable length that stands at `at`.

    Raises
    ------
    IndexError
        If it is cut off.
    """
    number = 0
    while (byte := data[at]) >= 128:
        number = number << 7 | byte & 127
        at += 1
    return _Quantity(number << 7 | byte, at + 1)
