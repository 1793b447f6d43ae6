"""`musicvae images interpolate`: from one picture to another."""

from __future__ import annotations

from pathlib import Path

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae_cli.images.drawing import Drawing
from musicvae_cli.images.models import choose_model, open_model
from musicvae_cli.images.named import read_single, require_one


def interpolate(
    context: typer.Context,
    a: options.PictureA,
    b: options.PictureB,
    out: options.PictureOut = Path("walk.png"),
    steps: options.Between = 7,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Walk from picture A to picture B in the space of codes.

    The walk is drawn below the originals. The ends of the walk are what the model says back of A and B.
    """
    drawing = Drawing(out, force, as_json)
    drawing.require_room(a, b)
    require_one(a, b)
    folder = choose_model(model)
    network = open_model(folder)

    from musicvae.evaluate.drawing.sheet import Line, spread
    from musicvae.images.code_paths import walk
    from musicvae.images.data.batches import to_levels

    ends = read_single(network.config, a, b).pictures
    shown = to_levels(walk(network, ends, steps))
    notes = tuple(f"{step / (steps + 1):.0%}" for step in range(steps + 2))
    originals = spread(ends, [0, -1], len(shown))
    provenance = drawing.make(context, folder, None, a, b)
    drawing.draw([Line("originals", originals), Line("walk", shown, notes)], provenance, len(shown))
    drawing.tell(f"{steps} pictures between two", provenance, {"pictures": len(shown)})
