"""`musicvae generate`: new pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae.compose.options import MEASURES, PieceOptions
from musicvae_cli.inputs.find_model import OpenModel, open_model
from musicvae_cli.outputs.pieces import MadePieces, PieceOutput, TitledPiece
from musicvae_cli.shell.console import patient_bar, say

AS_LEARNED = "as the songs learned from"

Pieces = Annotated[int, typer.Option("--n", "-n", min=1, max=10_000, help="How many pieces.")]
Measures = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=10_000,
        help="Measures of each piece.",
        show_default=f"{MEASURES}, or as --form or --meter have it",
    ),
]
Meters = Annotated[
    str | None,
    typer.Option(
        "--meter",
        metavar="3/4",
        help="Meter of the pieces, or a list such as 4/4x8,3/4x8.",
        show_default=AS_LEARNED,
    ),
]
Key = Annotated[
    str | None,
    typer.Option(metavar='"G major"', help="Key of the pieces, such as Am.", show_default=AS_LEARNED),
]
Form = Annotated[
    str | None,
    typer.Option(
        metavar="AABA",
        help="Sections: those of one letter are alike, A' is A with changes, A8 B4 have so many measures.",
        show_default=AS_LEARNED,
    ),
]
Style = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The sub-folder of songs that the pieces are to be like.",
        show_default=AS_LEARNED,
    ),
]
Band = Annotated[
    str | None,
    typer.Option(
        metavar='"piano, bass, drums"',
        help="Who plays, of a model of bands: instruments or families of General MIDI.",
        show_default=AS_LEARNED,
    ),
]
Tempo = Annotated[
    float | None,
    typer.Option(
        min=4, max=1000, callback=options.finite, help="Quarter notes a minute.", show_default=AS_LEARNED
    ),
]
FromPrior = Annotated[
    bool,
    typer.Option(
        "--from-prior",
        help="Draw the code of each measure from N(0, I), as textbooks do, and take its likeliest notes,"
        " whatever the --temperature.",
    ),
]


def generate(
    context: typer.Context,
    out: options.Out,
    n: Pieces = PieceOptions.count,
    measures: Measures = None,
    meter: Meters = None,
    key: Key = None,
    form: Form = None,
    style: Style = None,
    band: Band = None,
    tempo: Tempo = None,
    temperature: options.Temperature = PieceOptions.temperature,
    seed: options.DrawnSeed = None,
    from_prior: FromPrior = False,
    separate: options.Separate = False,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write new pieces to OUT, one after another under markers."""
    output = PieceOutput(out, force, as_json, (), n if separate else 0)
    seed = options.choose_seed(seed)
    wanted = PieceOptions(n, measures, meter, key, style, form, tempo, temperature, from_prior, band)
    with open_model(model) as opened:
        pieces = _write_pieces(opened, wanted, seed)
    about = f"{n} x {pieces[0].song.measures} measures, seed {seed}"
    output.deliver(context, MadePieces(pieces, about, seed, notices=_say_silent(pieces)), opened)


def _say_silent(pieces: Sequence[TitledPiece]) -> tuple[str, ...]:
    """Say which pieces have no notes, and return what was said."""
    silent = [piece.title for piece in pieces if not len(piece.song.notes)]
    if not silent:
        return ()
    names = ", ".join(silent)
    notice = f"no notes in {names}, though drawn again: try another --seed, or train the model longer"
    say(notice)
    return (notice,)


def _write_pieces(model: OpenModel, wanted: PieceOptions, seed: int) -> tuple[TitledPiece, ...]:
    from musicvae.compose.generate import generate
    from musicvae.measures.network.model import require_hearing

    if wanted.key or wanted.style:
        require_hearing(model.network)
    with patient_bar("writing") as advance:
        songs = generate(model.network, wanted, options.make_generator(seed), model.plans, advance)
    return tuple(TitledPiece(f"piece {number}", song) for number, song in enumerate(songs, start=1))
