"""`musicvae plot`: a song as a picture."""

from __future__ import annotations

from pathlib import Path

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.songs import read_one, require_names
from musicvae_cli.shell.console import say


def plot(
    song: options.Song,
    out: options.PictureOut = None,
    title: options.Title = "",
    force: options.Force = False,
) -> None:
    """Draw SONG as a piano roll. Each part has a colour, and lines stand at the measures."""
    from musicvae.evaluate.drawing.figure_file import require_picture_room
    from musicvae.evaluate.drawing.song_figures import draw_song

    path = out or _name_file(song)
    require_picture_room(path, force)
    read, _ = read_one(song)
    draw_song(read, path, title or read.title or song.stem, force)
    say(f"drew {path}")


def _name_file(song: Path) -> Path:
    require_names(song)
    return song.with_suffix(".png")
