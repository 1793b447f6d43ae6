"""`musicvae vary`: a song, more or less changed."""

from __future__ import annotations

from typing import Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae.compose.options import TEMPERATURE
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import name_beside, read_for_model
from musicvae_cli.outputs.pieces import MadePieces, PieceOutput, TitledPiece
from musicvae_cli.shell.console import patient_bar

Amount = Annotated[
    float,
    typer.Option(callback=options.share, help="0 says the song back, 1 is a new piece in its meters."),
]


def vary(
    context: typer.Context,
    song: options.Song,
    out: options.MidiOut = None,
    amount: Amount = 0.3,
    n: options.Ways = 4,
    temperature: options.Temperature = TEMPERATURE,
    seed: options.DrawnSeed = None,
    separate: options.Separate = False,
    melody: options.Melody = "",
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write variations of SONG. They stand one after another in SONG-varied.mid beside it."""
    out = out or name_beside(song, "-varied.mid")
    output = PieceOutput(out, force, as_json, (song,), n if separate else 0)
    seed = options.choose_seed(seed)
    with open_model(model) as opened:
        from musicvae.compose.performance.reconstruct import measure_said_back
        from musicvae.compose.vary import vary as change

        given, notices = read_for_model(song, opened.network.config, melody)
        generator = options.make_generator(seed)
        with patient_bar("writing") as advance:
            songs = change(opened.network, given, amount, n, temperature, generator, advance)
        said_back = {}
        if amount < 1:  # else nothing of the song is to be left
            with patient_bar("comparing") as advance:
                [same] = measure_said_back(opened.network, [given], advance)
            said_back = {song: same.note_f1}
    pieces = tuple(TitledPiece(f"variation {number}", each) for number, each in enumerate(songs, start=1))
    about = f"{n} x {given.measures} measures, varied by {amount:g}, seed {seed}"
    output.deliver(context, MadePieces(pieces, about, seed, (given,), notices, said_back), opened)
