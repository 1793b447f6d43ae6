"""MIDI files as commands write them: to a path, or to standard output for `-`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from musicvae.errors import OutputError
from musicvae_cli.inputs.songs import STANDARD

if TYPE_CHECKING:
    from musicvae.midi.songs.song import Song
    from musicvae.provenance import Provenance

_SUFFIXES = ("", ".mid", ".midi")


def require_room(
    paths: Iterable[Path], force: bool, as_json: bool = False, sources: Sequence[Path] = ()
) -> None:
    """Check, before long work, that MIDI files can be written.

    Raises
    ------
    OutputError
        If a path cannot be written to, holds somebody else's file and `force` is false, is one of the
        sources, or is not named as MIDI is.
    """
    from musicvae.midi.saving.writer import require_song_room

    for path in paths:
        if path != STANDARD:
            if path.suffix.lower() not in _SUFFIXES:
                raise OutputError(f"{path} would hold MIDI: end its name in .mid")
            if any(path.resolve() == source.resolve() for source in sources if source != STANDARD):
                raise OutputError(f"{path} is the song to be read: name another file by --out")
            require_song_room(path, force)
        elif as_json:
            raise typer.BadParameter("standard output cannot take both the MIDI file and the JSON object")
        elif sys.stdout.isatty():
            raise OutputError("a terminal cannot play MIDI: send standard output to a file or a program")


def write_midi(song: Song, path: Path, provenance: Provenance, force: bool) -> None:
    """Write a song as a MIDI file.

    Raises
    ------
    OutputError
        As `require_room` does, or if the disk is full.
    """
    from musicvae.midi.saving.writer import song_to_bytes, write_song
    from musicvae.outputs import refusing

    if path != STANDARD:
        write_song(song, path, provenance, overwrite=force)
        return
    with refusing(Path("standard output")):
        sys.stdout.buffer.write(song_to_bytes(song, provenance))
        sys.stdout.flush()
