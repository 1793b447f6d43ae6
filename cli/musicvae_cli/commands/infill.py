"""`musicvae infill`: some measures of a song written anew."""

from __future__ import annotations

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import hear, name_beside
from musicvae_cli.outputs.likeness import New
from musicvae_cli.outputs.made_by import Making
from musicvae_cli.outputs.pieces import Outlet, Piece, Works, mark_new
from musicvae_cli.shell.chance import choose_seed, make_generator
from musicvae_cli.shell.console import patient_bar


def infill(
    context: typer.Context,
    song: options.Song,
    first: options.From,
    last: options.To,
    out: options.MidiOut = None,
    candidates: options.Candidates = 32,
    temperature: options.Temperature = 0.6,
    seed: options.DrawnSeed = None,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write measures --from to --to of SONG anew.

    The others stay as they are. The whole is written as SONG-infilled.mid beside it.
    """
    if last < first:
        raise typer.BadParameter(f"no measures from {first} to {last}: --to is the last of them")
    path = out or name_beside(song, "infilled")
    outlet = Outlet((path,), force, as_json)
    outlet.require_room(song)
    seed = choose_seed(seed)
    with open_model(model) as opened:
        from musicvae.compose.infill import Gap, InfillOptions
        from musicvae.compose.infill import infill as fill

        given, notices = hear(song, opened.network.config)
        gap, how = Gap(first - 1, last), InfillOptions(candidates, temperature=temperature)
        with patient_bar("writing") as advance:
            filled = fill(opened.network, given, gap, how, make_generator(seed), advance)
    new = New(*gap)
    about = f"measures {first} to {last} of {given.measures} are new, seed {seed}"
    provenance = Making(path, opened.name, seed, (str(song),)).provenance(context)
    pieces = (Piece("the filling", mark_new(filled, new), new),)
    outlet.deliver(Works(pieces, provenance, about, (), notices), opened.tunes)
