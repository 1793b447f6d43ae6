"""The commands of `musicvae images`, put together."""

from __future__ import annotations

import typer

from musicvae_cli.images.evaluate import evaluate
from musicvae_cli.images.train import train

app = typer.Typer(no_args_is_help=True, help="Autoencoders of pictures: AE, DAE and VAE on the same core.")

for command in (train, evaluate):
    app.command()(command)
