"""`musicvae plot`: a song as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.songs import name_beside, name_of, read_one
from musicvae_cli.shell.console import say

PictureOut = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="The picture to write: .png, .svg or .pdf.", show_default=False),
]
Title = Annotated[str, typer.Option(help="Above the picture.", show_default="the song's own")]


def plot(
    song: options.Song,
    out: PictureOut = None,
    title: Title = "",
    force: options.Force = False,
) -> None:
    """Draw SONG as a piano roll. Each part has a colour, and measures are numbered.

    A long song goes on: on further pages of a .pdf, else in further files (OUT-page-2.png), which take the
    place of those of an earlier drawing.
    """
    from musicvae.evaluate.drawing.figure_file import require_drawable
    from musicvae.evaluate.drawing.song_figures import draw_song

    path = out or name_beside(song, ".png")
    require_drawable(path, force)
    read, _ = read_one(song)
    drawn = draw_song(read, path, title or read.title or name_of(song).stem, force)
    say(f"drew {', '.join(map(str, drawn))}")
