"""The options of trainings, of music and of pictures, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from musicvae_cli.shell.choices import Decoder, Ensemble, ModelKind
from musicvae_cli.shell.options import finite


def epochs_over(what: str) -> Any:
    """Return the option for a bound in passes over what is learned from."""
    return typer.Option(min=1, help=f"End after so many passes over the {what}.", show_default="no bound")


def minutes_or(usual: int) -> Any:
    """Return the option for a bound in minutes; without any bound there are the usual ones."""
    return typer.Option(
        min=0.001,
        callback=finite,
        help="End after so many minutes, those before a --resume counted in.",
        show_default=f"{usual}, unless --epochs is given",
    )


ModelOut = Annotated[Path, typer.Option("--out", "-o", help="The model folder to write.")]
ForceModel = Annotated[bool, typer.Option("--force", help="Replace a model that is there.")]
Parts = Annotated[Ensemble, typer.Option(help="The parts to arrange songs in; auto looks at them.")]
StepsPerBeat = Annotated[
    int, typer.Option(min=0, max=96, help="Steps of the grid to a quarter note; 0 looks at the songs.")
]
Kind = Annotated[
    ModelKind,
    typer.Option(help="Codes as points (ae), from songs with wrong notes (dae), or as Gaussians (vae)."),
]
Corrupt = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        callback=finite,
        help="Share of the notes that a dae is given wrongly: dropped, repitched, moved, stretched, extra.",
        show_default="0.2 for a dae",
    ),
]
Latent = Annotated[int, typer.Option(min=1, max=4096, help="Numbers in the code of a measure.")]
Beta = Annotated[
    float | None,
    typer.Option(
        min=0,
        callback=finite,
        help="Weight of the rate: more gives a plainer space, less exacter copies.",
        show_default="0.05, of a vae",
    ),
]
DecoderKind = Annotated[
    Decoder, typer.Option("--decoder", help="Notes, hearing the song; or piano rolls of single measures.")
]
Epochs = Annotated[int | None, epochs_over("songs")]
Minutes = Annotated[float | None, minutes_or(10)]
LearningRate = Annotated[
    float, typer.Option(min=1e-8, callback=finite, help="The highest in the course of training.")
]
Validation = Annotated[
    float,
    typer.Option(
        min=0.01, max=0.5, callback=finite, help="Share of the songs kept to choose the best model by."
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the training that --out holds.")]
