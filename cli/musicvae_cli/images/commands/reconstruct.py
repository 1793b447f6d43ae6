"""`musicvae images reconstruct`: pictures said back from their codes."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae_cli.images.drawing import start_drawing
from musicvae_cli.images.models import open_model
from musicvae_cli.images.reading import read_pictures_named


def reconstruct(
    context: typer.Context,
    pictures: options.PicturesNamed = "digits",
    out: options.PictureOut = Path("reconstructed.png"),
    n: options.Shown = 24,
    labels: options.Labels = None,
    seed: options.Seed = 0,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Draw pictures above what the model says back of them. It also tells how near that comes."""
    drawing = start_drawing(out, force, as_json, pictures)
    folder, network = open_model(model)

    from musicvae.evaluate.drawing.sheet import Line
    from musicvae.images.coding import say_back
    from musicvae.images.data.batches import to_levels

    given, known = read_pictures_named(pictures, network.config, seed, n, labels)
    said = say_back(network, given)
    provenance = drawing.provenance(context, folder, seed, pictures)
    drawing.draw([Line("original", given, known), Line("reconstruction", to_levels(said.copies))], provenance)
    mse, psnr = fmean(said.squared_errors), fmean(said.psnr_after)
    drawing.tell(
        f"{len(given)} picture{'s' * (len(given) > 1)}, squared error {mse:.4f}, PSNR {psnr:.2f} dB",
        provenance,
        {"pictures": len(given), "mse": mse, "psnr": psnr, "psnr_of_each": said.psnr_after},
    )
