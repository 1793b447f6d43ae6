"""Any file of music -> a whole MIDI file of it: one that can be played, edited and written.

A MIDI file stays as it is, without RIFF or MacBinary around it. A damaged one, and one of type 2, is taken
as `smf.guard` writes it anew: of its texts names, markers and lyrics are kept; SysEx and other texts
are not. A score becomes a MIDI file of its own tracks, in which no note is moved (`saving.source_midi`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.editing.midi_chunks import MidiFile, file_to_bytes, put_together, take_apart
from musicvae.midi.editing.track_events import Rank, TrackChanges
from musicvae.midi.reading.reader import bytes_to_sources, score_format
from musicvae.midi.reading.smf.guard import MAX_BYTES, check_midi
from musicvae.midi.reading.smf.midi_bytes import find_header
from musicvae.midi.reading.song_files import read_file
from musicvae.midi.saving.source_midi import source_to_midi
from musicvae.midi.songs.notices import Notice, tell_damage, tell_others
from musicvae.midi.songs.source import Source

MENDED = Notice("its MIDI had to be written anew: texts are not kept but for names, markers and lyrics")


class WholeMidi(NamedTuple):
    """A piece of music as a sound MIDI file.

    Parameters
    ----------
    file : MidiFile
    source : Source
        What the piece says, as it was read.
    notices : tuple of Notice
        What was guessed or lost on the way to the file.
    """

    file: MidiFile
    source: Source
    notices: tuple[Notice, ...] = ()

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return file_to_bytes(self.file)

    @property
    def heard_notices(self) -> tuple[Notice, ...]:
        """The notices but for that of lost texts, which concerns nobody who does not take the file itself."""
        return tuple(notice for notice in self.notices if notice != MENDED)


def read_whole(path: Path) -> WholeMidi:
    """Return the first piece of a file as a MIDI file. See `make_first_whole`."""
    try:
        data = read_file(path, MAX_BYTES)
    except SongError as error:
        raise SongError(f"{path}: {error}") from error
    return make_first_whole(path, data)


def make_first_whole(path: Path, data: bytes) -> WholeMidi:
    """Return the first piece of a file as a MIDI file, and say if there are others. See `make_whole`."""
    sources, make = _prepare(path, data)
    first, pieces = make(sources[0]), len(sources)
    return first._replace(notices=tell_others(pieces) + first.notices)


def make_whole(path: Path, data: bytes) -> list[WholeMidi]:
    """Return all pieces of a file as MIDI files: one, but of ABC as many as there are tunes.

    Parameters
    ----------
    path : Path
        What the file is called: its suffix tells how a score is written.
    data : bytes
        What is in it.

    Raises
    ------
    SongError
        If it cannot be read, or has no notes; the message names the file.
    """
    sources, make = _prepare(path, data)
    return [make(source) for source in sources]


class _Prepared(NamedTuple):
    sources: tuple[Source, ...]
    make: Callable[[Source], WholeMidi]


def _prepare(path: Path, data: bytes) -> _Prepared:
    """Return what a file says, and what makes a MIDI file of each piece in it."""
    said = bytes_to_sources(data, path.suffix)
    if not said.sources:
        raise SongError(f"{path}: {said.reason}")
    damage = tell_damage(said.reason)

    def make(source: Source) -> WholeMidi:
        made = source_to_whole(source, path, data)
        return made._replace(notices=damage + made.notices)

    return _Prepared(said.sources, make)


def source_to_whole(source: Source, path: Path, data: bytes) -> WholeMidi:
    """Return as a MIDI file what a file says: see `make_whole`, which reads it first."""
    return score_to_whole(source) if score_format(data, path.suffix) else midi_to_whole(data, source)


def score_to_whole(source: Source) -> WholeMidi:
    """Return what a score says as a MIDI file."""
    return WholeMidi(take_apart(source_to_midi(source)), source, source.notices)


def midi_to_whole(data: bytes, source: Source) -> WholeMidi:
    """Return a MIDI file whole, or what can be read of it.

    Parameters
    ----------
    data : bytes
    source : Source
        What it says.

    Raises
    ------
    SongError
        If it is no MIDI file, or one that cannot be used.
    """
    checked = check_midi(data)
    if not checked.damage:
        try:
            file = take_apart(_unwrap(data))
        except (ValueError, SongError):
            pass
        else:
            if file.header.kind < 2:
                return WholeMidi(file, source)
    mended = _end_notes(take_apart(checked.data), checked.ticks)
    return WholeMidi(mended, source, (MENDED, *source.notices))


def _end_notes(file: MidiFile, ticks: int) -> MidiFile:
    """Let notes that were ended after all others, since nothing ended them, last a beat as when read."""
    changes = [TrackChanges() for _ in file.tracks]
    for note in file.notes:
        if note.off is not None and note.end is not None and note.end > ticks:
            event = file.tracks[note.player.track].events[note.off]
            end = note.start + file.header.ticks_per_beat
            changes[note.player.track].move(note.off, event, Rank.END, end)
    return take_apart(put_together(file, changes))


def _unwrap(data: bytes) -> bytes:
    """Return the MIDI file inside a RIFF or MacBinary file; any other as it is."""
    begin = find_header(data)
    if not data.startswith(b"RIFF"):
        return data[begin:]
    size = int.from_bytes(data[begin - 4 : begin], "little")
    return data[begin : begin + size]
