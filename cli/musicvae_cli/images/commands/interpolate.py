"""`musicvae images interpolate`: from one picture to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae_cli.images.drawing import start_drawing
from musicvae_cli.images.models import open_model
from musicvae_cli.images.reading import read_single, require_one

PictureA = Annotated[
    str, typer.Argument(metavar="A", help=f"Where to begin: {options.PICTURE}.", show_default=False)
]
PictureB = Annotated[
    str, typer.Argument(metavar="B", help="Where to arrive: another of these.", show_default=False)
]
Between = Annotated[int, typer.Option("--steps", min=0, max=1000, help="Pictures between A and B.")]


def interpolate(
    context: typer.Context,
    a: PictureA,
    b: PictureB,
    out: options.PictureOut = Path("walk.png"),
    steps: Between = 7,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Walk from picture A to picture B in the space of codes.

    The walk is drawn below the originals. The ends of the walk are what the model says back of A and B.
    """
    drawing = start_drawing(out, force, as_json, a, b)
    require_one(a, b)
    folder, network = open_model(model)

    from musicvae.evaluate.drawing.sheet import Line, spread
    from musicvae.images.code_paths import walk
    from musicvae.images.data.batches import to_levels

    ends, (note_a, note_b) = read_single(network.config, a, b)
    shown = to_levels(walk(network, ends, steps))
    notes = tuple(f"{step / (steps + 1):.0%}" for step in range(steps + 2))
    originals = Line("originals", spread(ends, [0, -1], len(shown)), (note_a, *[""] * steps, note_b))
    provenance = drawing.provenance(context, folder, None, a, b)
    drawing.draw([originals, Line("walk", shown, notes)], provenance, len(shown))
    drawing.tell(f"{steps} pictures between two", provenance, {"pictures": len(shown)})
