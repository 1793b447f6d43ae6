"""`musicvae interpolate`: from one song to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae.compose.options import PathOptions
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import name_beside, read_for_model
from musicvae_cli.outputs.pieces import MadePieces, PieceOutput, TitledPiece
from musicvae_cli.shell.console import patient_bar, say
from musicvae_cli.shell.options import STANDARD

if TYPE_CHECKING:
    from musicvae.compose.interpolate import Interpolation
    from musicvae.measures.network.model import MeasureVAE
    from musicvae.midi.songs.song import Song

SongA = Annotated[
    Path,
    typer.Argument(metavar="A", callback=options.there, help="The song to begin with.", show_default=False),
]
SongB = Annotated[
    Path,
    typer.Argument(metavar="B", callback=options.there, help="The song to arrive at.", show_default=False),
]
Steps = Annotated[int, typer.Option(min=0, max=1000, help="Songs between A and B.")]
FirstMeasures = Annotated[
    int | None, typer.Option("--measures", min=1, help="Take only so many from the beginning of each song.")
]
Natural = Annotated[
    float,
    typer.Option(
        callback=options.share,
        help="How freely the middle of the way is written, 0 to 1; 0 takes the codes on the way as they are.",
    ),
]
Morph = Annotated[
    bool, typer.Option("--morph", help="One song instead, that turns from A into B as it goes on.")
]


def interpolate(
    context: typer.Context,
    a: SongA,
    b: SongB,
    out: options.MidiOut = None,
    steps: Steps = PathOptions.steps,
    measures: FirstMeasures = None,
    natural: Natural = PathOptions.natural,
    morph: Morph = False,
    melody: options.Melody = "",
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Walk from song A to song B. The songs on the way are written as A-to-B.mid beside A."""
    if a == b == STANDARD:
        raise typer.BadParameter("standard input holds one song: name a file for A or for B")
    if morph and options.is_given(context, "steps"):
        raise typer.BadParameter(
            "--steps counts songs between A and B, and --morph writes one: leave either out"
        )
    output = PieceOutput(out or name_beside(a, f"-to-{b.stem}.mid", b), force, as_json, (a, b))
    with open_model(model) as opened:
        from musicvae.compose.interpolate import interpolate as walk
        from musicvae.compose.interpolate import morph as turn

        start, end = (read_for_model(song, opened.network.config, melody) for song in (a, b))
        how = PathOptions(steps, measures, natural)
        with patient_bar("writing") as advance:
            found = (turn if morph else walk)(opened.network, start.song, end.song, how, advance)
        said_back = _compare_ends(opened.network, (start.song, end.song), found, measures)
    for notice in found.notices:
        say(notice)
    made = MadePieces(
        pieces=tuple(TitledPiece(*each) for each in zip(found.titles, found.songs, strict=True)),
        about=", ".join(found.titles),
        given=(start.song, end.song),
        notices=(*start.notices, *end.notices, *found.notices),
        said_back=dict(zip((a, b), said_back, strict=True)),
    )
    output.deliver(context, made, opened)


def _compare_ends(
    network: MeasureVAE, ends: tuple[Song, Song], found: Interpolation, measures: int | None
) -> tuple[float, ...]:
    """Return the note F1 of what was taken of both songs, said back. The ends of a way are just that."""
    from musicvae.compose.performance.reconstruct import measure_said_back
    from musicvae.midi.likeness.agreement import compare

    taken = [song.opening(measures or song.measures) for song in ends]
    if len(found.songs) == 1:  # a morph
        same = measure_said_back(network, taken)
    else:
        copies = found.songs[0], found.songs[-1]  # the shorter song is there several times
        same = [compare(song, copy.cut(0, song.measures)) for song, copy in zip(taken, copies, strict=True)]
    return tuple(agreement.note_f1 for agreement in same)
