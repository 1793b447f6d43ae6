"""The options of `musicvae images`, each declared once; those of all commands: `musicvae_cli.options`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

import musicvae_cli.images.choices as choices

TRAINED_HERE = Path("images-model")  # what `images train` writes
NOISE = 0.3  # of a DAE, where neither noise nor drop is told


def _finite(value: float | None) -> float | None:
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter("it must be a number")
    return value


# Pictures

Data = Annotated[
    str,
    typer.Argument(
        metavar="[DATA]",
        help="A folder of pictures, or of MNIST's idx files; an .npz with x_train and, if there are such,"
        " x_test, y_train, y_test; or `digits`, 1,797 small ones inside scikit-learn.",
    ),
]
Size = Annotated[
    int | None,
    typer.Option(
        min=8,
        max=512,
        help="Pixels a side; other sizes are scaled, and the middle is kept.",
        show_default="64 for files, or as arrays have it",
    ),
]
Colours = Annotated[choices.Colours, typer.Option(help="Grey or in colour; auto looks at the pictures.")]
Labels = Annotated[
    Path | None,
    typer.Option(
        help="A CSV with the columns file and label.",
        show_default="labels.csv in the folder, or its sub-folders",
    ),
]
Validation = Annotated[
    float,
    typer.Option(
        min=0.01, max=0.5, callback=_finite, help="Share of the pictures kept to choose the best model by."
    ),
]

# The model

Model = Annotated[
    Path | None,
    typer.Option(help="A model folder of `musicvae images train`.", show_default=str(TRAINED_HERE)),
]
KindOf = Annotated[
    choices.Kind,
    typer.Option("--kind", help="ae compresses, dae undoes noise, vae also makes new pictures."),
]
Latent = Annotated[int, typer.Option(min=1, max=4096, help="Numbers in the code of a picture.")]
NetworkOf = Annotated[choices.Network, typer.Option("--network", help="Encoder and decoder.")]
LikelihoodOf = Annotated[
    choices.Likelihood,
    typer.Option(
        "--likelihood",
        help="What is said of each pixel; auto: gaussian for ae and dae (least squared error), bernoulli for"
        " a vae of pictures nearly black and white, else logistic.",
    ),
]
Binarise = Annotated[
    choices.Binarising | None,
    typer.Option(
        help="How pixels become 0 or 1 for a bernoulli: drawn anew each time, or cut at a half.",
        show_default="dynamic",
    ),
]
Std = Annotated[
    float | None,
    typer.Option(
        min=1e-4,
        max=10,
        callback=_finite,
        help="Standard deviation of a gaussian.",
        show_default="0.1 for ae and dae, told by the network of a vae",
    ),
]
Width = Annotated[int, typer.Option(min=1, max=1024, help="Channels at the finer of both resolutions.")]
Blocks = Annotated[int, typer.Option(min=0, max=64, help="Residual blocks at the coarser resolution.")]
Noise = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=10,
        callback=_finite,
        help="Of a dae: standard deviation of the noise on its input, clipped to [0, 1].",
        show_default=f"{NOISE}, unless --drop is given",
    ),
]
Drop = Annotated[
    float, typer.Option(min=0, max=0.99, callback=_finite, help="Of a dae: share of pixels set to 0.")
]

# Learning

Beta = Annotated[
    float, typer.Option(min=0, callback=_finite, help="Weight of a vae's rate; 1 gives the ELBO.")
]
Epochs = Annotated[
    int | None,
    typer.Option(min=1, help="End after so many passes over the pictures.", show_default="no bound"),
]
Minutes = Annotated[
    float | None,
    typer.Option(
        min=0.001,
        callback=_finite,
        help="End after so many minutes, those before a --resume counted in.",
        show_default="5, unless --epochs is given",
    ),
]
Batch = Annotated[int, typer.Option(min=1, max=65_536, help="Pictures learned from at once.")]
Mirror = Annotated[
    bool, typer.Option("--mirror", help="Turn pictures left to right every other time: for photographs.")
]

# Scoring

ImportanceSamples = Annotated[
    int,
    typer.Option(
        min=0,
        max=100_000,
        help="Codes drawn for each picture to estimate -log p(x) of a vae; 0 leaves it out.",
    ),
]
Most = Annotated[
    int | None, typer.Option(min=1, help="Score so many test pictures, the first.", show_default="all")
]
