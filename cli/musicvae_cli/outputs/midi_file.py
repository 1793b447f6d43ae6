"""MIDI files as commands write them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from musicvae.provenance import Provenance, reason_to_keep_song
from musicvae_cli.inputs.songs import STANDARD
from musicvae_cli.outputs.written_file import FileKind, write_standard_output

if TYPE_CHECKING:
    from musicvae.midi.songs.song import Song


MIDI = FileKind(
    suffixes=(".mid", ".midi"),
    contents="MIDI",
    name="the MIDI file",
    source="the song to be read: name another file by --out",
    shown="play MIDI",
    reason_to_keep=reason_to_keep_song,
)


def write_midi(song: Song, path: Path, provenance: Provenance, force: bool) -> None:
    """Write a song as a MIDI file.

    Raises
    ------
    OutputError
        As `require_free_file` does, or if the disk is full.
    """
    from musicvae.midi.saving.writer import song_to_bytes, write_song

    if path == STANDARD:
        write_standard_output(song_to_bytes(song, provenance))
    else:
        write_song(song, path, provenance, overwrite=force)
