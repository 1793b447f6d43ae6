"""A MIDI file taken apart into its tracks, and put together again with changes.

Chunks that are no tracks, the header and whatever follows the last chunk stay byte for byte, and so do
tracks without changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from musicvae.midi.editing.file_notes import FileNote, find_graces, find_notes
from musicvae.midi.editing.track_events import TrackChanges, TrackEvents, parse_events, write_events
from musicvae.midi.reading.smf.grace_notes import find_grace_ticks
from musicvae.midi.reading.smf.midi_bytes import Header, make_chunk, parse_header

_TRACK = b"MTrk"
_TRACK_COUNT = slice(10, 12)  # of a header's bytes


class Chunk(NamedTuple):
    """A chunk of a file: its name of four letters, and what is in it."""

    name: bytes
    data: bytes


@dataclass(frozen=True, eq=False)
class MidiFile:
    """A sound MIDI file, taken apart.

    Parameters
    ----------
    header : Header
    head : bytes
        The header as it stands.
    chunks : tuple of Chunk
        All chunks after the header.
    tracks : tuple of TrackEvents
        The tracks among them.
    tail : bytes
        What follows the last chunk.
    """

    header: Header
    head: bytes
    chunks: tuple[Chunk, ...]
    tracks: tuple[TrackEvents, ...]
    tail: bytes

    @cached_property
    def notes(self) -> tuple[FileNote, ...]:
        """All notes, by tracks."""
        return tuple(find_notes(self.tracks))

    @cached_property
    def graces(self) -> dict[FileNote, int]:
        """Its grace notes, if it says that it has any, each with the tick of the note to which it leads."""
        beat = self.header.ticks_per_beat
        said = (find_grace_ticks(chunk.data, beat) for chunk in self.chunks if chunk.name == _TRACK)
        return find_graces(self.notes, next(filter(None, said), 0))

    @property
    def has_one_track(self) -> bool:
        """Whether all channels share one track, so that there can be no other (a file of type 0)."""
        return self.header.kind == 0 and len(self.tracks) == 1


def take_apart(data: bytes) -> MidiFile:
    """Return a sound file taken apart. Inverse of `put_together`.

    Raises
    ------
    ValueError
        If it is not sound.
    """
    header = parse_header(data)
    chunks, at = _split(data, header.end)
    tracks = [chunk.data for chunk in chunks if chunk.name == _TRACK]
    if len(tracks) != header.tracks:
        raise ValueError(f"the header says {header.tracks} tracks, there are {len(tracks)}")
    try:
        parsed = tuple(map(parse_events, tracks))
    except IndexError as error:
        raise ValueError(f"a track cannot be read: {error}") from error
    return MidiFile(header, data[: header.end], tuple(chunks), parsed, data[at:])


def _split(data: bytes, at: int) -> tuple[list[Chunk], int]:
    """Return the chunks from a byte on, and where the last of them ends."""
    chunks: list[Chunk] = []
    while at + 8 <= len(data):
        end = at + 8 + int.from_bytes(data[at + 4 : at + 8])
        if end > len(data):
            break
        chunks.append(Chunk(data[at : at + 4], data[at + 8 : end]))
        at = end
    return chunks, at


def file_to_bytes(file: MidiFile) -> bytes:
    """Return the bytes of a file as it is."""
    return put_together(file, [TrackChanges() for _ in file.tracks])


def put_together(file: MidiFile, changes: Sequence[TrackChanges]) -> bytes:
    """Return the bytes of a file with changes.

    Parameters
    ----------
    file : MidiFile
    changes : sequence of TrackChanges
        Of each track, and of new tracks, which stand after the last one.
    """
    head = bytearray(file.head)
    head[_TRACK_COUNT] = len(changes).to_bytes(2)
    return b"".join([bytes(head), *_changed_chunks(file, changes), file.tail])


def _changed_chunks(file: MidiFile, changes: Sequence[TrackChanges]) -> Iterator[bytes]:
    track = 0
    for chunk in file.chunks:
        data = chunk.data
        if chunk.name == _TRACK:
            if changes[track]:
                data = write_events(file.tracks[track], changes[track])
            track += 1
        yield make_chunk(chunk.name, data)
        if chunk.name == _TRACK and track == len(file.tracks):
            for new in changes[track:]:
                yield make_chunk(_TRACK, write_events(TrackEvents((), 0), new))
