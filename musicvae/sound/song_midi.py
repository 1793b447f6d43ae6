"""Any song as the MIDI file that is played: a MIDI file as it is, with its touch, pedals and bends."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.reading.reader import read_with_report, take_first
from musicvae.midi.reading.smf.guard import MAX_BYTES, check_midi
from musicvae.midi.reading.smf.midi_bytes import find_header
from musicvae.midi.reading.song_files import read_file
from musicvae.midi.saving.writer import song_to_bytes
from musicvae.midi.songs.notices import Notice, tell_damage
from musicvae.midi.songs.song import Song


class SongMidi(NamedTuple):
    """The bytes of a MIDI file, and what was guessed or left out when they were read."""

    data: bytes
    notices: tuple[Notice, ...] = ()


def music_to_midi(music: Song | Path | str) -> SongMidi:
    """Return the MIDI file of a song, or of the first song of a file.

    Raises
    ------
    SongError
        If it cannot be read; the message names the file and says why.
    """
    return SongMidi(song_to_bytes(music)) if isinstance(music, Song) else read_song_midi(Path(music))


def read_song_midi(path: Path) -> SongMidi:
    """Return the MIDI file of the first song of a file of any readable format.

    Raises
    ------
    SongError
        If it cannot be read; the message names the file and says why.
    """
    try:
        data = read_file(path, MAX_BYTES)
    except SongError as error:
        raise SongError(f"{path}: {error}") from error
    if find_header(data) >= 0:
        return check_song_midi(data, path)
    first = take_first(read_with_report(path))
    return SongMidi(song_to_bytes(first.song), first.notices)


def check_song_midi(data: bytes, path: Path) -> SongMidi:
    """Return a MIDI file with notes in it, clean; `path` is what it is called.

    Raises
    ------
    SongError
        If there are none, or it is no MIDI file.
    """
    try:
        checked = check_midi(data)
    except SongError as error:
        raise SongError(f"{path}: {error}") from error
    if not checked.note_ons:
        raise SongError(f"{path}: no notes; {checked.damage}" if checked.damage else f"{path}: no notes")
    return SongMidi(checked.data, (*tell_damage(checked.damage), *checked.notices))
