"""The commands of `musicvae images`, put together."""

from __future__ import annotations

import typer

from musicvae_cli.images.compress import compress
from musicvae_cli.images.denoise import denoise
from musicvae_cli.images.evaluate import evaluate
from musicvae_cli.images.expand import expand
from musicvae_cli.images.generate import generate
from musicvae_cli.images.interpolate import interpolate
from musicvae_cli.images.latent import latent
from musicvae_cli.images.reconstruct import reconstruct
from musicvae_cli.images.steer import steer
from musicvae_cli.images.train import train

app = typer.Typer(no_args_is_help=True, help="Autoencoders of pictures: AE, DAE and VAE on the same core.")

for command in (
    *(train, generate, reconstruct, denoise, interpolate, steer, latent),
    *(compress, expand, evaluate),
):
    app.command()(command)
