"""`musicvae images denoise`: pictures without their noise."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Annotated

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae.images.data.training_defaults import NOISE
from musicvae_cli.images.drawing import start_drawing
from musicvae_cli.images.models import open_model
from musicvae_cli.images.reading import read_pictures_named
from musicvae_cli.shell.console import say

if TYPE_CHECKING:
    from musicvae.images.coding import SaidBack
    from musicvae.images.data.config import PictureConfig

NoiseToUndo = Annotated[
    float | None,
    typer.Option(
        "--noise",
        min=0,
        max=10,
        callback=common.finite,
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
        callback=common.finite,
        help="Share of pixels to set to 0.",
        show_default="what a dae learned to undo, else 0; 0 for a picture file",
    ),
]


def denoise(
    context: typer.Context,
    pictures: options.PicturesNamed = "digits",
    out: options.PictureOut = Path("denoised.png"),
    noise: NoiseToUndo = None,
    drop: DropToUndo = None,
    n: options.Shown = 12,
    labels: options.Labels = None,
    seed: options.Seed = 0,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Put noise on pictures and undo it by the model.

    Clean, noisy and denoised ones are drawn below each other. With --noise 0, and on a picture file unless it
    is told otherwise, pictures are taken to be noisy already.
    """
    drawing = start_drawing(out, force, as_json, pictures)
    folder, network = open_model(model)

    from musicvae.evaluate.drawing.sheet import Line
    from musicvae.images.coding import say_back
    from musicvae.images.data.batches import to_levels
    from musicvae.images.model import make_corruption

    if network.config.autoencoder != "dae":
        say("the model never learned to undo noise: one trained by --kind dae does better")
    noise, drop = _choose_noise(pictures, network.config, noise, drop)
    given, known = read_pictures_named(pictures, network.config, seed, n, labels)
    said = say_back(network, given, make_corruption(noise, drop), common.make_generator(seed))
    clean = [Line("clean", given, known)] if noise or drop else []
    lines = [*clean, Line("noisy", to_levels(said.given)), Line("denoised", to_levels(said.copies))]
    provenance = drawing.provenance(context, folder, seed, pictures)
    drawing.draw(lines, provenance)
    about, figures = _compare(said, noise, drop)
    drawing.tell(about, provenance, {"pictures": len(given), "noise": noise, "drop": drop, **figures})


def _choose_noise(
    pictures: str, config: PictureConfig, noise: float | None, drop: float | None
) -> tuple[float, float]:
    """Return the noise and the dropped share: each as told, or as a DAE learned to undo; none on a file."""
    from musicvae.images.data.named_pictures import parse_name

    usual = (config.noise, config.drop) if config.autoencoder == "dae" else (NOISE, 0.0)
    if parse_name(pictures).is_file:
        usual = 0.0, 0.0
    return usual[0] if noise is None else noise, usual[1] if drop is None else drop


def _compare(said: SaidBack, noise: float, drop: float) -> tuple[str, dict[str, object]]:
    """Return how near noisy and denoised pictures are to the clean ones, for people and for JSON."""
    count = f"{len(said.clean)} picture{'s' * (len(said.clean) > 1)}"
    if not noise and not drop:
        return f"{count}, no noise added", {}
    before, after = fmean(said.psnr_before), fmean(said.psnr_after)
    dropped = f", {drop:.0%} dropped" if drop else ""
    about = f"{count}, noise {noise:g}{dropped}: PSNR {before:.2f} dB before, {after:.2f} dB after"
    return about, {
        "psnr_before": before,
        "psnr_after": after,
        "psnr_before_of_each": said.psnr_before,
        "psnr_after_of_each": said.psnr_after,
    }
