"""`musicvae denoise`: wrong notes and holes of a song put right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae.compose.options import AMOUNT
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import name_beside, read_for_model
from musicvae_cli.outputs.pieces import MadePieces, PieceOutput, TitledPiece
from musicvae_cli.shell.console import patient_bar, print_table, say
from musicvae_cli.shell.options import STANDARD

if TYPE_CHECKING:
    from musicvae.compose.repair.changes import Change

WrongShare = Annotated[
    float,
    typer.Option(
        callback=options.share,
        help="Share of the notes taken to be wrong, 0 to 1: the more, the sooner a note is changed.",
    ),
]


def denoise(
    context: typer.Context,
    song: options.Song,
    out: options.MidiOut = None,
    amount: WrongShare = AMOUNT,
    melody: options.Melody = "",
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Put wrong notes and holes of SONG right. That is written as SONG-denoised.mid beside it."""
    output = PieceOutput(out or name_beside(song, "-denoised.mid"), force, as_json, (song,))
    with open_model(model) as opened:
        from musicvae.compose.denoise import denoise as put_right

        given, notices = read_for_model(song, opened.network.config, melody)
        with patient_bar("putting right") as advance:
            clean, changes = put_right(opened.network, given, amount, advance)
    if not as_json:
        _print_changes(changes, output.path)
    figures = {"amount": amount, "changes": [_describe(change) for change in changes]}
    count = f"{len(changes)} change{'s' * (len(changes) != 1)}"
    about = f"{count} to {len(given.notes)} notes in {given.measures} measures"
    pieces = (TitledPiece("put right", clean, figures=figures),)
    output.deliver(context, MadePieces(pieces, about, None, (given,), notices), opened)


def _print_changes(changes: Sequence[Change], path: Path) -> None:
    """Print what was changed, on standard output unless the song goes there."""
    rows = [[str(cell or "") for cell in _describe(change).values()] for change in changes]
    if path == STANDARD:
        for row in rows:
            say(" ".join(cell for cell in row if cell))
    elif changes:
        print_table(tuple(_describe(changes[0])), rows, numbers=(0, 1))


def _describe(change: Change) -> dict[str, object]:
    """Return a change as an object for JSON; measures and beats are counted from 1."""
    return {
        "measure": change.at.measure,
        "beat": change.at.beat,
        "part": change.at.part,
        "what": change.what,
        "from": None if change.before is None else str(change.before),
        "to": None if change.after is None else str(change.after),
    }
