"""`musicvae convert`: a song as another kind of file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

import musicvae_cli.shell.options as options
from musicvae.errors import SongError
from musicvae_cli.inputs.songs import read_bytes, say_notices
from musicvae_cli.outputs.made_by import make_provenance
from musicvae_cli.outputs.pieces import name_files
from musicvae_cli.outputs.written_file import require_free_music, write_midi
from musicvae_cli.shell.console import print_json, say

if TYPE_CHECKING:
    from musicvae.midi.editing.sound_midi import SoundMidi


def convert(
    context: typer.Context,
    song: options.Song,
    out: options.Out,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write SONG to OUT: as MIDI, as MusicXML or as sound, by the ending of its name.

    A score keeps its parts, meters, keys, tempi and lyrics; MIDI stays as it is. Of several tunes each is a
    file: OUT-1.mid, OUT-2.mid ...
    """
    from musicvae.midi.editing.edit import Edit, edit_midi

    name, pieces = _read(song)
    paths = name_files(out, len(pieces) if len(pieces) > 1 else 0)
    for path in paths:
        require_free_music(path, force, as_json, (song,))
    notices = say_notices(name, (notice for piece in pieces for notice in piece.notices))
    provenance = make_provenance(context, out, sources=[song])
    for path, piece in zip(paths, pieces, strict=True):
        write_midi(edit_midi(piece.file, Edit(), provenance), path, force)
    say(f"wrote {', '.join(map(str, paths))}")
    if as_json:
        print_json({"out": list(map(str, paths)), "notices": notices})


def _read(song: Path) -> tuple[Path, list[SoundMidi]]:
    """Return what a file is called, and the pieces in it as MIDI files."""
    from musicvae.midi.editing.sound_midi import make_all_sound

    name, data = read_bytes(song)
    try:
        return name, make_all_sound(data, song.suffix)
    except SongError as error:
        raise SongError(f"{name}: {error}") from error
