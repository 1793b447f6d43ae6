"""`musicvae images steer`: a picture with more or less of what a label stands for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae_cli.images.drawing import Drawing
from musicvae_cli.images.models import choose_model, open_cloud, open_model
from musicvae_cli.images.named import read_data, read_single, require_one

if TYPE_CHECKING:
    from musicvae.images.code_statistics import CodeCloud
    from musicvae.images.model import PictureAutoencoder

NAME_DATA = "name labelled pictures by --data"


def steer(
    context: typer.Context,
    picture: options.PictureNamed,
    label: options.Label,
    amount: options.Amount = 1.5,
    out: options.PictureOut = Path("steered.png"),
    steps: options.EachWay = 3,
    data: options.LabelledData = None,
    labels: options.Labels = None,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Move PICTURE's code along the direction of a label.

    What it becomes is drawn from -AMOUNT to +AMOUNT. The direction is the mean code of pictures with the
    label less that of pictures without it: of those that the model learned from, or of --data.
    """
    drawing = Drawing(out, force, as_json)
    drawing.require_room(picture)
    require_one(picture)
    if labels is not None and data is None:
        raise typer.BadParameter("--labels are those of --data: name these too")
    folder = choose_model(model)
    network = open_model(folder)

    from musicvae.evaluate.drawing.sheet import Line, spread
    from musicvae.images.code_paths import steer as move
    from musicvae.images.code_statistics import find_direction
    from musicvae.images.data.batches import to_levels

    direction = find_direction(_find_cloud(folder, network, data, labels), label)
    given = read_single(network.config, picture).pictures
    amounts = tuple(amount * step / steps for step in range(-steps, steps + 1))
    shown = to_levels(move(network, given[0], direction, amounts))
    original = spread(given, [steps], len(shown))
    provenance = drawing.make(context, folder, None, picture, *([data] if data else []))
    notes = tuple(f"{each:+.3g}".replace("-", "\N{MINUS SIGN}") if each else "0" for each in amounts)
    drawing.draw([Line("original", original), Line(label, shown, notes)], provenance, len(shown))
    drawing.tell(f"{label} from {notes[0]} to {notes[-1]}", provenance, {"label": label, "amounts": amounts})


def _find_cloud(
    folder: Path, network: PictureAutoencoder, data: str | None, labels: Path | None
) -> CodeCloud:
    from musicvae.images.code_statistics import locate_codes
    from musicvae.images.data.named_pictures import Name

    if data is None:
        return open_cloud(folder, network, NAME_DATA)
    return locate_codes(network, read_data(Name(data), network.config, labels))
