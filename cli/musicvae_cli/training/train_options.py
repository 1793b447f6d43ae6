"""The options that trainings of music and of pictures share, each declared once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from musicvae_cli.shell.options import finite

if TYPE_CHECKING:
    from musicvae.core.training.train_config import TrainConfig


BETA_OF_OTHERS = "--beta weighs what codes of a vae cost, and those of others cost nothing"

ModelOut = Annotated[Path, typer.Option("--out", "-o", help="The model folder to write.")]
ForceModel = Annotated[bool, typer.Option("--force", help="Replace a model that is there.")]
LearningRate = Annotated[
    float, typer.Option(min=1e-8, callback=finite, help="The highest in the course of training.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the training that --out holds.")]


def latent_of(what: str) -> Any:
    """Return the option for the size of a code."""
    return typer.Option(min=1, max=4096, help=f"Numbers in the code of a {what}.")


def validation_of(what: str) -> Any:
    """Return the option for what is kept from training."""
    help = f"Share of the {what} kept to choose the best model by."
    return typer.Option(min=0.01, max=0.5, callback=finite, help=help)


def epochs_over(what: str) -> Any:
    """Return the option for a bound in passes over what is learned from."""
    return typer.Option(min=1, help=f"End after so many passes over the {what}.", show_default="no bound")


def minutes_or(usual: TrainConfig) -> Any:
    """Return the option for a bound in minutes; without any bound there are the usual ones."""
    return typer.Option(
        min=0.001,
        callback=finite,
        help="End after so many minutes, those before a --resume counted in.",
        show_default=f"{usual.minutes:g}, unless --epochs is given",
    )


def choose_fit(
    usual: TrainConfig, minutes: float | None, epochs: int | None, beta: float | None, **others: Any
) -> TrainConfig:
    """Return how to train: as usual but for what was asked for, and for the minutes where any bound was."""
    if minutes is None and epochs is None:
        minutes = usual.minutes
    kl = usual.kl if beta is None else usual.kl._replace(beta=beta)
    return replace(usual, minutes=minutes, epochs=epochs, kl=kl, **others)
