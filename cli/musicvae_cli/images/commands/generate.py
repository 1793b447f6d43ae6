"""`musicvae images generate`: new pictures."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae.errors import ModelError
from musicvae_cli.images.drawing import start_drawing
from musicvae_cli.images.models import open_cloud, open_model

if TYPE_CHECKING:
    from musicvae.images.code_statistics import CodeGaussian
    from musicvae.images.model import PictureAutoencoder

MAP_SIDE = 10  # pictures
TRAIN_AGAIN = "train it to its end by `musicvae images train --resume`, or again"
PRIOR, FITTED = "N(0, I)", "a Gaussian fitted to the training codes"

SheetOut = Annotated[
    Path, typer.Argument(metavar="OUT", help="The picture to write, .png.", show_default=False)
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


def generate(
    context: typer.Context,
    out: SheetOut,
    n: NewPictures = 64,
    sample: Sample = False,
    as_map: AsMap = False,
    from_prior: FromPrior = False,
    seed: common.DrawnSeed = None,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Draw new pictures to OUT.

    Their codes are drawn from a Gaussian fitted to those of the training pictures, which lie closer together
    than the prior of a VAE says.
    """
    drawing = start_drawing(out, force, as_json)
    folder, network = open_model(model)

    from musicvae.evaluate.drawing.sheet import Line
    from musicvae.images.code_statistics import draw_codes, lay_map
    from musicvae.images.coding import decode_codes, draw_pictures
    from musicvae.images.data.batches import to_levels

    seed = common.choose_seed(seed)
    generator = common.make_generator(seed)
    gaussian, name = _choose_gaussian(folder, network, as_map, from_prior)
    codes = lay_map(gaussian, MAP_SIDE) if as_map else draw_codes(gaussian, n, generator)
    pictures = draw_pictures(network, codes, generator) if sample else decode_codes(network, codes)
    columns = MAP_SIDE if as_map else math.isqrt(n - 1) + 1  # about as wide as high
    provenance = drawing.provenance(context, folder, seed)
    drawing.draw([Line("", to_levels(pictures))], provenance, columns)
    pixels = "drawn" if sample else "expected"
    about = f"a map of {MAP_SIDE} x {MAP_SIDE}" if as_map else f"{n} pictures, seed {seed}"
    drawing.tell(
        f"{about}; codes: {name}; pixels: {pixels}",
        provenance,
        {"pictures": len(codes), "codes": name, "pixels": pixels},
    )


def _choose_gaussian(
    folder: Path, network: PictureAutoencoder, as_map: bool, from_prior: bool
) -> tuple[CodeGaussian, str]:
    """Return what codes are drawn from or laid out on, and what it is."""
    from musicvae.images.code_statistics import fit_gaussian, share_of_plane, standard_gaussian

    config = network.config
    if from_prior and config.autoencoder != "vae":
        raise ModelError(f"a model of kind {config.autoencoder} has no prior: leave out --from-prior")
    if from_prior or (as_map and config.autoencoder == "vae" and config.latent == 2):
        return standard_gaussian(config.latent), PRIOR
    otherwise = TRAIN_AGAIN + ", or draw codes --from-prior" * (config.autoencoder == "vae")
    fitted = fit_gaussian(open_cloud(folder, network, otherwise))
    if as_map:
        share = share_of_plane(fitted)
        return fitted, f"the plane of the two principal components of the training codes ({share:.0%})"
    return fitted, FITTED
