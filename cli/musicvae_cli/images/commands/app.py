"""The commands of `musicvae images`, put together."""

from __future__ import annotations

import typer

from musicvae_cli.images.commands.compress import compress
from musicvae_cli.images.commands.denoise import denoise
from musicvae_cli.images.commands.evaluate import evaluate
from musicvae_cli.images.commands.expand import expand
from musicvae_cli.images.commands.generate import generate
from musicvae_cli.images.commands.interpolate import interpolate
from musicvae_cli.images.commands.latent import latent
from musicvae_cli.images.commands.reconstruct import reconstruct
from musicvae_cli.images.commands.steer import steer
from musicvae_cli.images.commands.train import train

app = typer.Typer(no_args_is_help=True, help="Autoencoders of pictures: AE, DAE and VAE on the same core.")

for command in (
    *(train, generate, reconstruct, denoise, interpolate, steer, latent),
    *(compress, expand, evaluate),
):
    app.command()(command)
