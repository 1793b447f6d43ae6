"""The program `musicvae`: its commands, put together."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from musicvae_cli.commands.compress import compress
from musicvae_cli.commands.continuation import continue_song
from musicvae_cli.commands.corpus import app as corpus
from musicvae_cli.commands.denoise import denoise
from musicvae_cli.commands.evaluate import evaluate
from musicvae_cli.commands.expand import expand
from musicvae_cli.commands.generate import generate
from musicvae_cli.commands.infill import infill
from musicvae_cli.commands.inspect import inspect
from musicvae_cli.commands.interpolate import interpolate
from musicvae_cli.commands.models import models
from musicvae_cli.commands.plot import plot
from musicvae_cli.commands.reconstruct import reconstruct
from musicvae_cli.commands.train import train
from musicvae_cli.commands.vary import vary
from musicvae_cli.images.commands.app import app as images
from musicvae_cli.outputs.made_by import version
from musicvae_cli.shell.errors import Commands

# Plain help: to draw boxes around it takes longer than all else.
app = typer.Typer(
    cls=Commands,
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


app.command()(train)
app.command()(generate)
app.command("continue")(continue_song)  # a word of Python's own
for command in (
    *(infill, vary, denoise, interpolate, reconstruct, compress, expand),
    *(inspect, plot, evaluate, models),
):
    app.command()(command)
app.add_typer(images, name="images")
app.add_typer(corpus, name="corpus")
