"""`musicvae render`: a song as sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.songs import name_beside, read_to_hear
from musicvae_cli.outputs.made_by import make_provenance
from musicvae_cli.outputs.written_file import require_free_sound
from musicvae_cli.shell.console import print_json, say

SoundOut = Annotated[
    Path | None,
    typer.Argument(metavar="[OUT]", help="The sound to write: .wav or .flac.", show_default="SONG.wav"),
]


def render(
    context: typer.Context,
    song: options.Song,
    out: SoundOut = None,
    soundfont: options.Soundfont = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write the sound of SONG to OUT.

    A MIDI file sounds as it is, with its touch, pedals and bends; a score as it is written.
    """
    path = out or name_beside(song, ".wav")
    require_free_sound(path, soundfont, force, [song])
    from musicvae.sound.audio_file import write_audio
    from musicvae.sound.synthesizer import synthesize

    midi, notices = read_to_hear(song)
    audio = synthesize(midi.data, soundfont)
    write_audio(audio, path, make_provenance(context, out, sources=[song]), overwrite=force)
    say(f"wrote {path}: {audio.seconds:.1f} seconds")
    if as_json:
        print_json({"out": str(path), "seconds": round(audio.seconds, 3), "notices": notices})
