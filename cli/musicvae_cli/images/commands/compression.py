"""`musicvae images compress` and `musicvae images expand`: pictures in a few bytes, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae.outputs import require_free
from musicvae_cli.images.drawing import Drawing, require_other, start_drawing
from musicvae_cli.images.models import open_model
from musicvae_cli.images.reading import read_pictures_named
from musicvae_cli.inputs.packed_file import naming_packed, read_packed
from musicvae_cli.outputs.file_kinds import PACKED
from musicvae_cli.outputs.written_file import require_free_file, write_packed
from musicvae_cli.shell.console import print_json, say

ARRAYS = ".npz"

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
MostPacked = Annotated[
    int | None,
    typer.Option("--n", "-n", min=1, help="Test pictures of DATA, drawn by the seed.", show_default="all"),
]
CodeStep = Annotated[
    float | None,
    typer.Option(
        "--step",
        min=0.016,
        max=100,
        callback=common.finite,
        help="How coarsely codes are rounded: more is smaller and less like the pictures.",
        show_default="the coarsest that makes the squared error at most 5 % larger",
    ),
]


def compress(
    pictures: options.PicturesNamed,
    out: PackedOut,
    n: MostPacked = None,
    step: CodeStep = None,
    labels: options.Labels = None,
    seed: options.Seed = 0,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Write pictures to OUT in a few bytes: their codes, rounded."""
    require_free_file(out, PACKED, force, as_json, [Path(pictures)])
    folder, network = open_model(model)

    from musicvae.images.squeeze import compress as squeeze
    from musicvae.images.squeeze import measure_packed

    given = read_pictures_named(pictures, network.config, seed, n, labels).pictures
    packed = squeeze(network, given, step, folder.name)
    write_packed(packed.data, out, force)
    sizes = measure_packed(given, packed)
    say(
        f"wrote {out}: {sizes.packed_bytes:,} bytes, {sizes.bits_per_picture:,.0f} bits a picture;"
        f" as PNG {sizes.png_bytes:,}, raw {sizes.raw_bytes:,}"
    )
    say(f"what comes back has a PSNR of {sizes.psnr:.2f} dB; codes are rounded to {packed.step:g}")
    if as_json:
        told = {"out": str(out), "model": str(folder), "seed": seed, "sources": [pictures]}
        print_json({**told, "pictures": len(given), "step": packed.step, **sizes._asdict()})


def expand(
    context: typer.Context,
    packed: Packed,
    out: ExpandedOut,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Write the pictures that `compress` put into PACKED to OUT.

    It takes the model that packed them. A single one is written as it is, several as a sheet, or all as the
    array x_train of an .npz.
    """
    is_array = out.suffix.lower() == ARRAYS
    if is_array:
        require_other(out, str(packed))
        require_free(out, force, lambda path: "exists")
        drawing = Drawing(out, force, as_json)
    else:
        drawing = start_drawing(out, force, as_json, str(packed))
    folder, network = open_model(model)

    from musicvae.evaluate.drawing.sheet import write_pictures
    from musicvae.images.data.arrays import save_npz
    from musicvae.images.squeeze import expand as unpack

    with naming_packed(packed):
        pictures = unpack(network, read_packed(packed))
    provenance = drawing.provenance(context, folder, None, str(packed))
    if is_array:
        save_npz(pictures, out)
    else:
        write_pictures(pictures, out, force, provenance)
    count = len(pictures)
    drawing.tell(f"{count:,} picture{'s' * (count > 1)}", provenance, {"pictures": count})
