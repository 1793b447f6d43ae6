"""The options of `musicvae images`, each declared once; those of all commands: `shell.options`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import musicvae_cli.images.choices as choices
from musicvae_cli.shell.choices import ModelKind
from musicvae_cli.shell.options import LARGEST_SEED, finite
from musicvae_cli.training.train_options import epochs_over, minutes_or

TRAINED_HERE = Path("images-model")  # what `images train` writes
NOISE = 0.3  # of a DAE, where neither noise nor drop is told

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
        min=0.01, max=0.5, callback=finite, help="Share of the pictures kept to choose the best model by."
    ),
]

# The model

Model = Annotated[
    Path | None,
    typer.Option(help="A model folder of `musicvae images train`.", show_default=str(TRAINED_HERE)),
]
KindOf = Annotated[
    ModelKind,
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
        callback=finite,
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
        callback=finite,
        help="Of a dae: standard deviation of the noise on its input, clipped to [0, 1].",
        show_default=f"{NOISE}, unless --drop is given",
    ),
]
Drop = Annotated[
    float, typer.Option(min=0, max=0.99, callback=finite, help="Of a dae: share of pixels set to 0.")
]

# Learning

Beta = Annotated[
    float, typer.Option(min=0, callback=finite, help="Weight of a vae's rate; 1 gives the ELBO.")
]
Epochs = Annotated[int | None, epochs_over("pictures")]
Minutes = Annotated[float | None, minutes_or(5)]
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

# Pictures to work with

_PICTURE = "a picture file, or one of a data set's test pictures by number, such as digits:3"
PicturesNamed = Annotated[
    str,
    typer.Argument(metavar="DATA|PICTURE", help=f"A data set, see `musicvae images train`; or {_PICTURE}."),
]
PictureNamed = Annotated[
    str, typer.Argument(metavar="PICTURE", help=f"{_PICTURE.capitalize()}.", show_default=False)
]
PictureA = Annotated[
    str, typer.Argument(metavar="A", help=f"Where to begin: {_PICTURE}.", show_default=False)
]
PictureB = Annotated[
    str, typer.Argument(metavar="B", help="Where to arrive: another of these.", show_default=False)
]
SheetOut = Annotated[
    Path, typer.Argument(metavar="OUT", help="The picture to write, .png.", show_default=False)
]
PictureOut = Annotated[Path, typer.Option("--out", "-o", help="The picture to write, .png.")]
CloudOut = Annotated[Path, typer.Option("--out", "-o", help="The picture to write: .png, .svg or .pdf.")]
Shown = Annotated[
    int,
    typer.Option("--n", "-n", min=1, max=10_000, help="Test pictures of DATA to show, drawn by the seed."),
]

Seed = Annotated[
    int, typer.Option(min=0, max=LARGEST_SEED, help="Same seed, same pictures of DATA and same draws.")
]

NewPictures = Annotated[int, typer.Option("--n", "-n", min=1, max=10_000, help="How many pictures.")]
Sample = Annotated[
    bool,
    typer.Option("--sample/--mean", help="Draw each pixel anew, or show what is expected of it."),
]
AsMap = Annotated[
    bool,
    typer.Option(
        "--map",
        help="Instead a map, 10 x 10, of a vae's plane of codes; of more than two numbers, of their two"
        " principal components.",
    ),
]
FromPrior = Annotated[
    bool, typer.Option("--from-prior", help="Draw codes from N(0, I), the prior of a vae, as textbooks do.")
]
NoiseToUndo = Annotated[
    float | None,
    typer.Option(
        "--noise",
        min=0,
        max=10,
        callback=finite,
        help="Standard deviation of the noise to put on pictures; 0 takes them as noisy already.",
        show_default=f"what a dae learned to undo, else {NOISE}; 0 for a picture file",
    ),
]
DropToUndo = Annotated[
    float | None,
    typer.Option(
        "--drop",
        min=0,
        max=0.99,
        callback=finite,
        help="Share of pixels to set to 0.",
        show_default="what a dae learned to undo, else 0",
    ),
]
Between = Annotated[int, typer.Option("--steps", min=0, max=1000, help="Pictures between A and B.")]
Label = Annotated[str, typer.Option("--label", help="What to add or to take away.", show_default=False)]
Amount = Annotated[
    float,
    typer.Option(
        min=0.001,
        max=100,
        callback=finite,
        help="How far: 1 is from the mean picture without the label to the mean one with it.",
    ),
]
EachWay = Annotated[int, typer.Option("--steps", min=1, max=100, help="Pictures each way.")]
LabelledData = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="DATA",
        help="Labelled pictures to learn the label from.",
        show_default="those that the model learned from",
    ),
]
Method = Annotated[choices.Method, typer.Option(help="How codes are laid into the plane.")]
MostNeighbours = Annotated[
    int, typer.Option("--most", min=10, max=50_000, help="Codes for t-SNE, drawn by the seed; it takes time.")
]

# Compressing

PackedOut = Annotated[
    Path, typer.Argument(metavar="OUT", help="The compressed file to write, .mvz.", show_default=False)
]
ExpandedOut = Annotated[
    Path, typer.Argument(metavar="OUT", help="What to write, .png or .npz.", show_default=False)
]
Packed = Annotated[
    Path,
    typer.Argument(metavar="PACKED", help="What `musicvae images compress` wrote.", show_default=False),
]
CodeStep = Annotated[
    float | None,
    typer.Option(
        "--step",
        min=0.016,
        max=100,
        callback=finite,
        help="How coarsely codes are rounded: more is smaller and less like the pictures.",
        show_default="the coarsest that makes the squared error at most 5 % larger",
    ),
]
MostPacked = Annotated[
    int | None,
    typer.Option("--n", "-n", min=1, help="Test pictures of DATA, drawn by the seed.", show_default="all"),
]
