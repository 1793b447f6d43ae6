"""`musicvae images expand`: the pictures of a compressed file."""

from __future__ import annotations

from pathlib import Path

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae.errors import OutputError, PacketError
from musicvae_cli.images.drawing import Drawing, require_other
from musicvae_cli.images.models import choose_model, open_model
from musicvae_cli.outputs.packed_file import name_packed, read_packed

ARRAYS = ".npz"


def expand(
    context: typer.Context,
    packed: options.Packed,
    out: options.ExpandedOut,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Write the pictures that `compress` put into PACKED to OUT.

    It takes the model that packed them. A single one is written as it is, several as a sheet, or all as the
    array x_train of an .npz.
    """
    drawing = Drawing(out, force, as_json)
    _require_room(drawing, packed)
    folder = choose_model(model)
    network = open_model(folder)

    from musicvae.evaluate.drawing.sheet import write_pictures
    from musicvae.images.data.arrays import save_npz
    from musicvae.images.squeeze import expand as unpack

    try:
        pictures = unpack(network, read_packed(packed))
    except PacketError as error:
        raise name_packed(packed, error) from error
    provenance = drawing.make(context, folder, None, str(packed))
    if out.suffix.lower() == ARRAYS:
        save_npz(pictures, out)
    else:
        write_pictures(pictures, out, force, provenance)
    count = len(pictures)
    drawing.tell(f"{count:,} picture{'s' * (count > 1)}", provenance, {"pictures": count})


def _require_room(drawing: Drawing, packed: Path) -> None:
    """Check, before long work, that pictures can be written."""
    from musicvae.outputs import require_writable

    if drawing.path.suffix.lower() != ARRAYS:
        drawing.require_room(str(packed))
        return
    require_other(drawing.path, str(packed))
    require_writable(drawing.path)
    if drawing.path.exists() and not drawing.force:
        raise OutputError(f"{drawing.path} exists: use --force or another name")
