"""`musicvae generate`: new pieces."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import typer

import musicvae_cli.options as options
from musicvae_cli.console import print_json, say
from musicvae_cli.midi_output import require_room, write_midi
from musicvae_cli.models import open_model
from musicvae_cli.provenance import Making
from musicvae_cli.songs import STANDARD, describe_song

if TYPE_CHECKING:
    from musicvae.compose.generate import PieceOptions
    from musicvae.measures.model import MeasureVAE
    from musicvae.midi.song import Song


def generate(
    context: typer.Context,
    out: options.Out,
    n: options.Pieces = 5,
    measures: options.Measures = 8,
    temperature: options.Temperature = 0.9,
    seed: options.DrawnSeed = None,
    tempo: options.Tempo = None,
    meter: options.Meter = None,
    separate: options.Separate = False,
    from_prior: options.FromPrior = False,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write new pieces to OUT, one after another, each under a marker."""
    paths = _name_files(out, n) if separate else [out]
    require_room(paths, force, as_json)
    _check_meter(meter)

    seed = secrets.randbelow(options.LARGEST_SEED) if seed is None else seed
    with open_model(model) as (network, name):
        from musicvae.compose.generate import PieceOptions

        wanted = PieceOptions(n, measures, meter, tempo, temperature, from_prior)
        pieces = _write_pieces(network, wanted, seed)
    provenance = Making(out, name, seed).provenance(context)
    for path, song in zip(paths, pieces if separate else [_join(pieces)], strict=True):
        write_midi(song, path, provenance, force)
    say(f"wrote {', '.join(map(str, paths))}: {n} x {measures} measures, seed {seed}")
    if as_json:
        described = [describe_song(piece) for piece in pieces]
        print_json({"out": [str(path) for path in paths], "seed": seed, "model": name, "pieces": described})


def _name_files(out: Path, n: int) -> list[Path]:
    """Return a path for each piece: out-1.mid, out-2.mid."""
    if out == STANDARD:
        raise typer.BadParameter("standard output takes one file: leave --separate out")
    return [out.with_name(f"{out.stem}-{number}{out.suffix}") for number in range(1, n + 1)]


def _check_meter(text: str | None) -> None:
    from musicvae.midi.song import Meter

    try:
        Meter.parse(text or "4/4")
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--meter") from error


def _write_pieces(network: MeasureVAE, wanted: PieceOptions, seed: int) -> list[Song]:
    import torch

    from musicvae.compose.generate import generate

    return generate(network, wanted, torch.Generator().manual_seed(seed))


def _join(pieces: list[Song]) -> Song:
    from musicvae.midi.song import join_songs

    return join_songs(pieces, [f"piece {number}" for number in range(1, len(pieces) + 1)])
