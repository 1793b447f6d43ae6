"""`musicvae generate`: new pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.find_model import OpenModel, open_model
from musicvae_cli.outputs.made_by import Making
from musicvae_cli.outputs.pieces import Outlet, Piece, Works, name_files
from musicvae_cli.shell.chance import choose_seed, make_generator
from musicvae_cli.shell.console import patient_bar

if TYPE_CHECKING:
    from musicvae.compose.generate import PieceOptions


def generate(
    context: typer.Context,
    out: options.Out,
    n: options.Pieces = 5,
    measures: options.Measures = None,
    meter: options.Meters = None,
    key: options.Key = None,
    form: options.Form = None,
    style: options.Style = None,
    tempo: options.Tempo = None,
    temperature: options.Temperature = 0.9,
    seed: options.DrawnSeed = None,
    from_prior: options.FromPrior = False,
    separate: options.Separate = False,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write new pieces to OUT, one after another under markers."""
    outlet = Outlet(name_files(out, n, separate), force, as_json)
    outlet.require_room()
    seed = choose_seed(seed)
    with open_model(model) as opened:
        from musicvae.compose.generate import PieceOptions

        wanted = PieceOptions(
            count=n,
            measures=measures,
            meter=meter,
            key=key,
            style=style,
            form=form,
            bpm=tempo,
            temperature=temperature,
            from_prior=from_prior,
        )
        pieces = _write_pieces(opened, wanted, seed)
    about = f"{n} x {pieces[0].song.measures} measures, seed {seed}"
    provenance = Making(out, opened.name, seed).provenance(context)
    outlet.deliver(Works(pieces, provenance, about), opened.tunes)


def _write_pieces(model: OpenModel, wanted: PieceOptions, seed: int) -> tuple[Piece, ...]:
    from musicvae.compose.generate import generate
    from musicvae.measures.writing.hearing import require_hearing

    if wanted.key or wanted.style:
        require_hearing(model.network)
    with patient_bar("writing") as advance:
        songs = generate(model.network, wanted, make_generator(seed), model.plans, advance)
    return tuple(Piece(f"piece {number}", song) for number, song in enumerate(songs, start=1))
