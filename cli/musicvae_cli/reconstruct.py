"""`musicvae reconstruct`: a song said back from the codes of its measures."""

from __future__ import annotations

from pathlib import Path

import typer

import musicvae_cli.options as options
from musicvae_cli.console import print_json, say
from musicvae_cli.midi_output import require_room, write_midi
from musicvae_cli.models import open_model
from musicvae_cli.provenance import Making
from musicvae_cli.songs import describe_song, read_one, require_names


def reconstruct(
    context: typer.Context,
    song: options.Song,
    out: options.MidiOut = None,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Say SONG back from its codes, and write that as SONG-reconstructed.mid beside it."""
    path = out or _name_file(song)
    require_room([path], force, as_json, sources=[song])
    with open_model(model) as (network, name):
        from musicvae.compose.reconstruct import reconstruct as say_back
        from musicvae.midi.agreement import compare

        original = read_one(song, network.config.grid, network.config.ensemble)
        [copy] = say_back(network, [original])
    write_midi(copy, path, Making(path, name, sources=(str(song),)).provenance(context), force)
    same = compare(original, copy)
    say(
        f"wrote {path}: {same.step_accuracy:.1%} of the steps right,"
        f" onset F1 {same.onset_f1:.3f}, note F1 {same.note_f1:.3f}"
    )
    if as_json:
        scores = {"step_accuracy": same.step_accuracy, "onset_f1": same.onset_f1, "note_f1": same.note_f1}
        pieces = [{**describe_song(copy), **scores}]
        print_json({"out": [str(path)], "seed": None, "model": name, "pieces": pieces})


def _name_file(song: Path) -> Path:
    require_names(song)
    return song.with_name(f"{song.stem}-reconstructed.mid")
