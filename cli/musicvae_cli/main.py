"""The program `musicvae`: its commands, put together."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from musicvae_cli.outputs.made_by import version
from musicvae_cli.shell.errors import Commands
from musicvae_cli.shell.lazy_commands import lazy_commands

# Each command with its module and the first sentence of its docstring.
MUSIC = {
    "train": ("train", "Learn from SONGS, and write a model folder."),
    "generate": ("generate", "Write new pieces to OUT, one after another under markers."),
    "continue": ("editing.continuation:continue_song", "Go on with SONG."),  # a word of Python's own
    "infill": ("editing.infill", "Write measures --from to --to of SONG anew."),
    "accompany": (
        "editing.accompany",
        "Write parts that fit SONG, such as a bass, or the lower voices of a tune.",
    ),
    "vary": ("vary", "Write variations of SONG."),
    "denoise": ("denoise", "Put wrong notes and holes of SONG right."),
    "interpolate": ("interpolate", "Walk from song A to song B."),
    "reconstruct": ("reconstruct", "Say SONG back from its codes."),
    "compress": ("compression", "Write SONG to OUT in a few bytes."),
    "expand": ("compression", "Write the song that `compress` put into PACKED to OUT."),
    "inspect": ("inspect", "Report what is read of SONG, or of a folder of songs."),
    "convert": ("convert", "Write SONG to OUT: as MIDI, as MusicXML or as sound, by the ending of its name."),
    "render": ("sound.render", "Write the sound of SONG to OUT."),
    "play": ("sound.play", "Play SONG by the sound device, or on an instrument at a MIDI port."),
    "plot": ("plot", "Draw SONG as a piano roll."),
    "evaluate": ("evaluate", "Measure how well a model says SONGS back."),
    "models": ("models", "List the models that come with musicvae."),
}
PICTURES = {
    "train": ("train", "Learn from the pictures of DATA, and write a model folder."),
    "generate": ("generate", "Draw new pictures to OUT."),
    "reconstruct": ("reconstruct", "Draw pictures above what the model says back of them."),
    "denoise": ("denoise", "Put noise on pictures and undo it by the model."),
    "interpolate": ("interpolate", "Walk from picture A to picture B in the space of codes."),
    "steer": ("steer", "Move PICTURE's code along the direction of a label."),
    "latent": ("latent", "Draw the codes of the test pictures of DATA as points."),
    "compress": ("compression", "Write pictures to OUT in a few bytes: their codes, rounded."),
    "expand": ("compression", "Write the pictures that `compress` put into PACKED to OUT."),
    "evaluate": ("evaluate", "Measure how well a model says test pictures of DATA back."),
}
CORPORA = {
    "list": ("corpus:list_corpora", "List the corpora: name, years, pieces, and what they are."),
    "export": ("corpus", "Write the pieces of corpus NAME to FOLDER as MIDI files, each tune once."),
}


def _group(name: str, about: str, commands: dict[str, Any]) -> TyperGroup:
    return TyperGroup(name=name, help=about, commands=commands, no_args_is_help=True, rich_markup_mode=None)


class Program(Commands):
    """All commands: those of music, and the groups."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        pictures = lazy_commands("musicvae_cli.images.commands", PICTURES)
        corpora = lazy_commands("musicvae_cli.commands", CORPORA)
        self.commands = {
            **lazy_commands("musicvae_cli.commands", MUSIC),
            "images": _group(
                "images", "Autoencoders of pictures: AE, DAE and VAE on the same core.", pictures
            ),
            "corpus": _group("corpus", "List and export the public-domain music inside music21.", corpora),
        }


# Plain help: to draw boxes around it takes longer than all else.
app = typer.Typer(
    cls=Program,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"musicvae {version()}")
        raise typer.Exit


@app.callback()
def musicvae(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Learn a space of measures from a folder of songs, and write music from it."""
    # Threads of torch that wait for each other shall sleep, not spin: where they have fewer cores than
    # they think (a container, a busy machine) spinning takes a hundred times longer. Read when torch is.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
