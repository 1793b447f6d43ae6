"""The options that several commands of `musicvae images` have; those of all commands: `shell.options`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musicvae_cli.shell.options import LARGEST_SEED

TRAINED_HERE = Path("images-model")  # what `images train` writes
PICTURE = "a picture file, or a test picture of a data set by its number (digits:3 is the third, not a 3)"

Data = Annotated[
    str,
    typer.Argument(
        metavar="[DATA]",
        help="A folder of pictures, or of MNIST's idx files; an .npz with x_train and, if there are such,"
        " x_test, y_train, y_test; or `digits`, 1,797 small ones inside scikit-learn.",
    ),
]
PicturesNamed = Annotated[
    str,
    typer.Argument(metavar="DATA|PICTURE", help=f"A data set, see `musicvae images train`; or {PICTURE}."),
]
Labels = Annotated[
    Path | None,
    typer.Option(
        help="A CSV with the columns file and label.",
        show_default="labels.csv in the folder, or its sub-folders",
    ),
]
Model = Annotated[
    Path | None,
    typer.Option(help="A model folder of `musicvae images train`.", show_default=str(TRAINED_HERE)),
]
PictureOut = Annotated[Path, typer.Option("--out", "-o", help="The picture to write, .png.")]
Shown = Annotated[
    int,
    typer.Option("--n", "-n", min=1, max=10_000, help="Test pictures of DATA to show, drawn by the seed."),
]
Seed = Annotated[
    int, typer.Option(min=0, max=LARGEST_SEED, help="Same seed, same pictures of DATA and same draws.")
]
