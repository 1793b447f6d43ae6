"""`musicvae images compress`: pictures in a few bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae_cli.images.models import choose_model, open_model
from musicvae_cli.images.named import read_pictures_named
from musicvae_cli.outputs.packed_file import require_room, write_packed
from musicvae_cli.shell.console import print_json, say

if TYPE_CHECKING:
    from musicvae.images.squeeze import PackedSizes


def compress(
    pictures: options.PicturesNamed,
    out: options.PackedOut,
    n: options.MostPacked = None,
    step: options.CodeStep = None,
    labels: options.Labels = None,
    seed: options.Seed = 0,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Write pictures to OUT in a few bytes: their codes, rounded."""
    require_room(out, force, as_json, Path(pictures))
    folder = choose_model(model)
    network = open_model(folder)

    from musicvae.images.squeeze import compress as squeeze
    from musicvae.images.squeeze import measure_packed

    given = read_pictures_named(pictures, network.config, seed, n, labels).pictures
    packed = squeeze(network, given, step, folder.name)
    write_packed(packed.data, out, force)
    sizes = measure_packed(given, packed)
    say(f"wrote {out}: {_describe(sizes)}")
    say(f"what comes back has a PSNR of {sizes.psnr:.2f} dB; codes are rounded to {packed.step:g}")
    if as_json:
        told = {"out": str(out), "model": str(folder), "seed": seed, "sources": [pictures]}
        print_json({**told, "pictures": len(given), "step": packed.step, **sizes._asdict()})


def _describe(sizes: PackedSizes) -> str:
    """Return sizes in words."""
    return (
        f"{sizes.packed_bytes:,} bytes, {sizes.bits_per_picture:,.0f} bits a picture;"
        f" as PNG {sizes.png_bytes:,}, raw {sizes.raw_bytes:,}"
    )
