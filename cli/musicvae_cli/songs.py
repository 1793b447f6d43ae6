"""Songs as commands take them: a file, or `-` for a MIDI file on standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from musicvae.errors import SongError
from musicvae_cli.console import say

if TYPE_CHECKING:
    from musicvae.midi.reader import Reading
    from musicvae.midi.song import Grid, Song

STANDARD = Path("-")  # input or output, where a MIDI file is asked for


def read_any(path: Path, grid: Grid | None = None, ensemble: str | None = None) -> Reading:
    """Return the songs of a file or of standard input, and a report: see `reader.read_songs`."""
    from musicvae.midi.guard import MAX_BYTES
    from musicvae.midi.reader import bytes_to_sources, lay_songs, read_songs

    if path != STANDARD:
        return read_songs(path, grid, ensemble)
    sources = bytes_to_sources(sys.stdin.buffer.read(MAX_BYTES + 1))
    return lay_songs(Path("standard input"), sources, grid, ensemble)


def read_one(path: Path, grid: Grid | None = None, ensemble: str | None = None) -> Song:
    """Return the first song of a file, and say on standard error what was changed or left out.

    Raises
    ------
    SongError
        If nothing can be read.
    """
    songs, report = read_any(path, grid, ensemble)
    if not songs:
        raise SongError(f"{report.path}: {report.reason}")
    salvaged = [f"salvaged: {report.reason}"] if report.status == "salvaged" else []
    several = [f"it has {len(songs)} songs, and the first is taken"] if len(songs) > 1 else []
    for notice in (*salvaged, *several, *report.notices):
        say(f"{report.path}: {notice}")
    return songs[0]


def describe_song(song: Song) -> dict[str, object]:
    """Return what a song is like, for JSON."""
    return {
        "measures": song.measures,
        "notes": len(song.notes),
        "meters": list(dict.fromkeys(map(str, song.meters))),
        "tempo": round(song.bpm, 2),
    }
