"""`musicvae play`: a song, to be heard now."""

from __future__ import annotations

from typing import Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.songs import name_of, read_to_hear
from musicvae_cli.shell.console import say

Port = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The MIDI port of an instrument that plays, or some letters of its name.",
        show_default="the sound device, or else the first port",
    ),
]


def play(song: options.Song, port: Port = None, soundfont: options.Soundfont = None) -> None:
    """Play SONG by the sound device, or on an instrument at a MIDI port. Ctrl-C ends it."""
    from musicvae.sound.find_output import find_output

    output = find_output(port, soundfont)
    midi = read_to_hear(song).midi
    say(f"playing {name_of(song)} by {output.name}")
    output.play(midi.data)
