"""Songs as commands take them: a file, or `-` for a MIDI file on standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from musicvae_cli.shell.console import say
from musicvae_cli.shell.options import STANDARD

if TYPE_CHECKING:
    from musicvae.measures.data.config import MeasureVAEConfig
    from musicvae.midi.arranging.ensembles import Ensemble
    from musicvae.midi.editing.given_file import GivenFile
    from musicvae.midi.editing.whole_midi import WholeMidi
    from musicvae.midi.reading.song_report import FileSongs
    from musicvae.midi.songs.notices import Notice
    from musicvae.midi.songs.song import Grid, Song

STANDARD_INPUT = Path("standard input")  # as it is called


def name_of(path: Path) -> Path:
    """Return what a file is called in what is said of it."""
    return STANDARD_INPUT if path == STANDARD else path


class NamedBytes(NamedTuple):
    """The bytes of a file, and what it is called."""

    path: Path
    data: bytes


def read_any(
    path: Path, grid: Grid | None = None, ensemble: Ensemble | str | None = None, melody: str = ""
) -> FileSongs:
    """Return the songs of a file or of standard input, and a report: see `reader.read_with_report`."""
    from musicvae.midi.reading.reader import bytes_to_sources, lay_songs, read_with_report

    if path != STANDARD:
        return read_with_report(path, grid, ensemble, melody)
    return lay_songs(STANDARD_INPUT, bytes_to_sources(_read_standard_input()), grid, ensemble, melody)


def read_bytes(path: Path) -> NamedBytes:
    """Return what is in a file or comes from standard input.

    Raises
    ------
    SongError
        If it cannot be opened, or is too large.
    """
    from musicvae.errors import SongError
    from musicvae.midi.reading.smf.guard import MAX_BYTES
    from musicvae.midi.reading.song_files import read_file

    if path == STANDARD:
        return NamedBytes(STANDARD_INPUT, _read_standard_input())
    try:
        return NamedBytes(path, read_file(path, MAX_BYTES))
    except SongError as error:
        raise SongError(f"{path}: {error}") from error


def _read_standard_input() -> bytes:
    from musicvae.midi.reading.smf.guard import MAX_BYTES

    return sys.stdin.buffer.read(MAX_BYTES + 1)


class GivenSong(NamedTuple):
    """A song, and what was said of it on standard error."""

    song: Song
    notices: tuple[str, ...]


class FileToEdit(NamedTuple):
    """A song and its file, and what was said of them on standard error."""

    given: GivenFile
    notices: tuple[str, ...]


def say_notices(name: Path, notices: Iterable[Notice]) -> tuple[str, ...]:
    """Say what was guessed or left out of the file that is called so, and return what was said."""
    said = tuple(f"{name}: {notice}" for notice in notices)
    for sentence in said:
        say(sentence)
    return said


def read_one(
    path: Path, grid: Grid | None = None, ensemble: Ensemble | str | None = None, melody: str = ""
) -> GivenSong:
    """Return the first song of a file, and say on standard error what was changed or left out.

    Raises
    ------
    SongError
        If nothing can be read.
    """
    from musicvae.midi.reading.reader import take_first

    reading = take_first(read_any(path, grid, ensemble, melody))
    return GivenSong(reading.song, say_notices(reading.report.path, reading.notices))


def read_for_model(path: Path, config: MeasureVAEConfig, melody: str = "") -> GivenSong:
    """Return the first song of a file in a model's grid and parts; say too which meters are new to it.

    Raises
    ------
    SongError
        If nothing can be read.
    """
    song, notices = read_one(path, config.grid, config.arrangement, melody)
    return GivenSong(song, (*notices, *_say_new_meters(name_of(path), song, config)))


def read_to_edit(path: Path, config: MeasureVAEConfig, melody: str = "") -> FileToEdit:
    """Return the first song of a file, in a model's grid and parts, with its file. See `read_for_model`.

    What of the song the model does not hear stays in the file, and that is how it is told.

    Raises
    ------
    SongError
        If nothing can be read.
    """
    from musicvae.midi.editing.given_file import open_given

    name, data = read_bytes(path)
    given = open_given(name, data, config.grid, config.arrangement, melody)
    notices = say_notices(name, given.notices)
    return FileToEdit(given, (*notices, *_say_new_meters(name, given.song, config)))


def _say_new_meters(name: Path, song: Song, config: MeasureVAEConfig) -> tuple[str, ...]:
    """Say which meters of a song are new to a model, and return what was said."""
    meters = dict.fromkeys(meter for meter in song.meters if not config.meter_index(meter))
    new = ", ".join(str(meter) for meter in meters if config.can_read(meter))
    if not new:
        return ()
    notice = f"{name}: the model never heard {new}, and may not make much of it"
    say(notice)
    return (notice,)


class FileToHear(NamedTuple):
    """A piece as a MIDI file, and what was said of it on standard error."""

    midi: WholeMidi
    notices: tuple[str, ...]


def read_to_hear(path: Path) -> FileToHear:
    """Return the first piece of a file as a MIDI file; say on standard error what was changed or left out.

    Raises
    ------
    SongError
        If nothing can be read.
    """
    from musicvae.midi.editing.whole_midi import make_first_whole

    name, data = read_bytes(path)
    midi = make_first_whole(name, data)
    return FileToHear(midi, say_notices(name, midi.heard_notices))


def name_beside(song: Path, ending: str, *others: Path) -> Path:
    """Return the path beside a song under which what became of it, and of others, is written.

    Raises
    ------
    typer.BadParameter
        If one of the songs comes from standard input.
    """
    if STANDARD in (song, *others):
        raise typer.BadParameter("a song from standard input has no name: name the output too")
    return song.with_name(song.stem + ending)


def describe_song(song: Song) -> dict[str, object]:
    """Return what a song is like, for JSON."""
    return {
        "measures": song.measures,
        "notes": len(song.notes),
        "meters": list(dict.fromkeys(map(str, song.meters))),
        "tempo": round(song.bpm, 2),
    }
