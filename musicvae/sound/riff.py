"""RIFF, of which files of sound and soundfonts are made: chunks, each with its name and its length.

A chunk of odd length is followed by an empty byte, which its length does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_HEAD = 8  # bytes of a chunk before its contents: its name and its length


class RiffChunk(NamedTuple):
    """A piece of a RIFF file: its name, and where its contents begin and end."""

    name: bytes
    begin: int
    end: int


def find_chunks(data: bytes, begin: int, end: int) -> Iterator[RiffChunk]:
    """Yield the chunks that lie one after another between two bytes."""
    while begin + _HEAD <= end:
        size = int.from_bytes(data[begin + 4 : begin + _HEAD], "little")
        yield RiffChunk(data[begin : begin + 4], begin + _HEAD, begin + _HEAD + size)
        begin += _HEAD + size + size % 2


def make_riff_chunk(name: bytes, data: bytes) -> bytes:
    """Return a chunk."""
    return b"".join([name, len(data).to_bytes(4, "little"), data, b"\x00" * (len(data) % 2)])
