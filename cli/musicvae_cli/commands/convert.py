"""`musicvae convert`: a song as another kind of file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.songs import read_bytes, say_notices
from musicvae_cli.outputs.file_kinds import MIDI, SCORE, FileKind, kind_of
from musicvae_cli.outputs.made_by import make_provenance
from musicvae_cli.outputs.pieces import name_files
from musicvae_cli.outputs.written_file import Music, require_free_music, write_music
from musicvae_cli.shell.console import print_json, say

if TYPE_CHECKING:
    from musicvae.midi.editing.whole_midi import WholeMidi
    from musicvae.midi.songs.notices import Notice


def convert(
    context: typer.Context,
    song: options.Song,
    out: options.Out,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write SONG to OUT: as MIDI, as MusicXML or as sound, by the ending of its name.

    A score keeps its title, composer, parts, meters, keys, tempi and first verse, but no slurs, articulations
    and layout; MIDI stays as it is. Of several tunes each is a file: OUT-1.mid, OUT-2.mid ...
    """
    from musicvae.midi.editing.edit import Edit, edit_midi
    from musicvae.midi.editing.whole_midi import make_whole
    from musicvae.midi.songs.notices import sum_notices

    name, data = read_bytes(song)
    pieces = make_whole(name, data)
    paths = name_files(out, len(pieces) if len(pieces) > 1 else 0)
    for path in paths:
        require_free_music(path, force, as_json, (song,))
    lost = (notice for piece in pieces for notice in _find_lost(piece, kind_of(out)))
    notices = say_notices(name, sum_notices(lost))
    provenance = make_provenance(context, out, sources=[song])
    for path, piece in zip(paths, pieces, strict=True):
        music = Music(edit_midi(piece.file, Edit(), provenance), piece.source)
        notices += write_music(music, path, force)
    say(f"wrote {', '.join(map(str, paths))}")
    if as_json:
        print_json({"out": list(map(str, paths)), "notices": notices})


def _find_lost(piece: WholeMidi, kind: FileKind) -> list[Notice]:
    """Return what was guessed or lost of a piece that becomes a file of some kind."""
    if kind is MIDI:
        return list(piece.notices)
    read = piece.source.notices if kind is SCORE else ()  # of which the score is written, not of its MIDI
    return list(dict.fromkeys((*piece.heard_notices, *read)))
