"""`musicvae infill`: some measures of a song written anew."""

from __future__ import annotations

from typing import Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae.compose.options import InfillOptions
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import name_beside, read_to_edit
from musicvae_cli.outputs.likeness import NewMeasures
from musicvae_cli.outputs.pieces import MadePieces, PieceOutput, TitledPiece
from musicvae_cli.shell.console import patient_bar

First = Annotated[
    int,
    typer.Option(
        "--from", min=1, help="The first measure to write anew, counted from 1.", show_default=False
    ),
]
Last = Annotated[int, typer.Option("--to", min=1, help="The last measure to write anew.", show_default=False)]
Candidates = Annotated[
    int,
    typer.Option(
        min=1, max=4096, help="Fillings to choose from, by how well the measures after them follow."
    ),
]


def infill(
    context: typer.Context,
    song: options.Song,
    first: First,
    last: Last,
    out: options.MidiOut = None,
    candidates: Candidates = InfillOptions.candidates,
    temperature: options.Temperature = InfillOptions.temperature,
    seed: options.DrawnSeed = None,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write measures --from to --to of SONG anew.

    All else stays as it is. The whole is written as SONG-infilled.mid beside it.
    """
    if last < first:
        raise typer.BadParameter(f"no measures from {first} to {last}: --to is the last of them")
    output = PieceOutput(out or name_beside(song, "-infilled.mid"), force, as_json, (song,))
    seed = options.choose_seed(seed)
    with open_model(model) as opened:
        from musicvae.compose.infill import Gap
        from musicvae.compose.infill import infill as fill

        given = read_to_edit(song, opened.network.config)
        gap, how = Gap(first - 1, last), InfillOptions(candidates, temperature=temperature)
        with patient_bar("writing") as advance:
            filled = fill(opened.network, given.song, gap, how, options.make_generator(seed), advance)
    about = f"measures {first} to {last} of {given.song.measures} are new, seed {seed}"
    pieces = (TitledPiece("the filling", filled, NewMeasures(*gap), given),)
    output.deliver(context, MadePieces(pieces, about, seed, (), given.notices), opened)
