"""`musicvae plot`: a song as a picture."""

from __future__ import annotations

from pathlib import Path

import musicvae_cli.options as options
from musicvae_cli.console import say
from musicvae_cli.songs import read_one, require_names


def plot(
    song: options.Song,
    out: options.PictureOut = None,
    title: options.Title = "",
    force: options.Force = False,
) -> None:
    """Draw SONG as a piano roll. Each part has a colour, and lines stand at the measures."""
    from musicvae.evaluate.picture_file import require_picture_room
    from musicvae.evaluate.pictures import draw_song

    path = out or _name_file(song)
    require_picture_room(path, force)
    read, _ = read_one(song)
    draw_song(read, path, title or read.title or song.stem, force)
    say(f"drew {path}")


def _name_file(song: Path) -> Path:
    require_names(song)
    return song.with_suffix(".png")
