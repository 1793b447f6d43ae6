"""`musicvae images steer`: a picture with more or less of what a label stands for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae_cli.images.drawing import start_drawing
from musicvae_cli.images.models import open_cloud, open_model
from musicvae_cli.images.reading import read_data, read_single, require_one

if TYPE_CHECKING:
    from musicvae.images.code_statistics import CodeCloud
    from musicvae.images.model import PictureAutoencoder

NAME_DATA = "name labelled pictures by --data"

PictureNamed = Annotated[
    str, typer.Argument(metavar="PICTURE", help=f"{options.PICTURE.capitalize()}.", show_default=False)
]
Label = Annotated[str, typer.Option("--label", help="What to add or to take away.", show_default=False)]
Amount = Annotated[
    float,
    typer.Option(
        min=0.001,
        max=100,
        callback=common.finite,
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


def steer(
    context: typer.Context,
    picture: PictureNamed,
    label: Label,
    amount: Amount = 1.5,
    out: options.PictureOut = Path("steered.png"),
    steps: EachWay = 3,
    data: LabelledData = None,
    labels: options.Labels = None,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Move PICTURE's code along the direction of a label.

    What it becomes is drawn from -AMOUNT to +AMOUNT. The direction is the mean code of pictures with the
    label less that of pictures without it: of those that the model learned from, or of --data.
    """
    drawing = start_drawing(out, force, as_json, picture)
    require_one(picture)
    if labels is not None and data is None:
        raise typer.BadParameter("--labels are those of --data: name these too")
    folder, network = open_model(model)

    from musicvae.evaluate.drawing.sheet import Line, spread
    from musicvae.images.code_paths import steer as move
    from musicvae.images.code_statistics import find_direction
    from musicvae.images.data.batches import to_levels

    direction = find_direction(_find_cloud(folder, network, data, labels), label)
    given, note = read_single(network.config, picture)
    amounts = tuple(amount * step / steps for step in range(-steps, steps + 1))
    shown = to_levels(move(network, given[0], direction, amounts))
    empty = ("",) * steps
    original = Line("original", spread(given, [steps], len(shown)), (*empty, *note, *empty))
    provenance = drawing.provenance(context, folder, None, picture, *([data] if data else []))
    notes = tuple(f"{each:+.3g}".replace("-", "\N{MINUS SIGN}") if each else "0" for each in amounts)
    drawing.draw([original, Line(label, shown, notes)], provenance, len(shown))
    drawing.tell(f"{label} from {notes[0]} to {notes[-1]}", provenance, {"label": label, "amounts": amounts})


def _find_cloud(
    folder: Path, network: PictureAutoencoder, data: str | None, labels: Path | None
) -> CodeCloud:
    from musicvae.images.code_statistics import locate_codes

    if data is None:
        return open_cloud(folder, network, NAME_DATA)
    return locate_codes(network, read_data(data, network.config, labels))
