"""`musicvae reconstruct`: a song said back from the codes of its measures."""

from __future__ import annotations

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import name_beside, read_for_model
from musicvae_cli.outputs.pieces import MadePieces, PieceOutput, TitledPiece
from musicvae_cli.shell.console import patient_bar


def reconstruct(
    context: typer.Context,
    song: options.Song,
    out: options.MidiOut = None,
    melody: options.Melody = "",
    model: options.Model = None,
    exact: options.Exact = False,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Say SONG back from its codes. That is written as SONG-reconstructed.mid beside it."""
    output = PieceOutput(out or name_beside(song, "-reconstructed.mid"), force, as_json, (song,))
    with open_model(model) as opened:
        from musicvae.compose.performance.reconstruct import reconstruct as say_back
        from musicvae.midi.likeness.agreement import compare

        given, notices = read_for_model(song, opened.network.config, melody)
        with patient_bar("writing") as advance:
            [copy] = say_back(opened.network, [given], advance, exact)
    same = compare(given, copy)
    scores = {"step_accuracy": same.step_accuracy, "onset_f1": same.onset_f1, "note_f1": same.note_f1}
    about = (
        f"{same.step_accuracy:.1%} of the steps right,"
        f" onset F1 {same.onset_f1:.3f}, note F1 {same.note_f1:.3f}"
    )
    pieces = (TitledPiece("reconstruction", copy, figures=scores),)
    made = MadePieces(pieces, about, None, (given,), notices, {song: same.note_f1})
    output.deliver(context, made, opened)
