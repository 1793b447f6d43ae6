"""`musicvae vary`: a song, more or less changed."""

from __future__ import annotations

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import hear, name_beside
from musicvae_cli.outputs.made_by import Making
from musicvae_cli.outputs.pieces import Outlet, Piece, Works, name_files
from musicvae_cli.shell.chance import choose_seed, make_generator
from musicvae_cli.shell.console import patient_bar


def vary(
    context: typer.Context,
    song: options.Song,
    out: options.MidiOut = None,
    amount: options.Amount = 0.3,
    n: options.Ways = 4,
    temperature: options.Temperature = 0.9,
    seed: options.DrawnSeed = None,
    separate: options.Separate = False,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write variations of SONG. They stand one after another in SONG-varied.mid beside it."""
    path = out or name_beside(song, "varied")
    outlet = Outlet(name_files(path, n, separate), force, as_json)
    outlet.require_room(song)
    seed = choose_seed(seed)
    with open_model(model) as opened:
        from musicvae.compose.vary import vary as change

        given, notices = hear(song, opened.network.config)
        with patient_bar("writing") as advance:
            songs = change(opened.network, given, amount, n, temperature, make_generator(seed), advance)
    pieces = tuple(Piece(f"variation {number}", each) for number, each in enumerate(songs, start=1))
    about = f"{n} x {given.measures} measures, varied by {amount:g}, seed {seed}"
    provenance = Making(path, opened.name, seed, (str(song),)).provenance(context)
    outlet.deliver(Works(pieces, provenance, about, (given,), notices), opened.tunes)
