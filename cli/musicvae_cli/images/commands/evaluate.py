"""`musicvae images evaluate`: what a model is worth on pictures."""

from __future__ import annotations

from typing import Annotated

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae_cli.images.models import open_model
from musicvae_cli.images.reading import read_data
from musicvae_cli.shell.console import patient_bar, print_json, print_table, say

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
DrawSeed = Annotated[
    int,
    typer.Option(
        "--seed", min=0, max=common.LARGEST_SEED, help="Same seed, same draws; the split is the model's own."
    ),
]


def evaluate(
    data: options.Data = "digits",
    model: options.Model = None,
    labels: options.Labels = None,
    importance_samples: ImportanceSamples = 0,
    most: Most = None,
    seed: DrawSeed = 0,
    device: common.OnDevice = "cpu",
    as_json: common.AsJson = False,
) -> None:
    """Measure how well a model says test pictures of DATA back. And how likely it finds them."""
    _, network = open_model(model, device)

    from musicvae.evaluate.images.picture_card import name_picture_scores
    from musicvae.evaluate.images.picture_scores import evaluate_pictures

    tested = read_data(data, network.config, labels).test.pictures[:most]
    say(f"scoring {len(tested):,} test pictures")
    with patient_bar("scoring") as advance:
        scores = evaluate_pictures(network, tested, importance_samples, seed, advance)
    if as_json:
        print_json({"data": data, "seed": seed, **scores._asdict()})
    else:
        print_table(("", ""), name_picture_scores(scores), numbers=(1,))
