"""`musicvae accompany`: a song with new parts, from its first measure to its last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae.compose.options import InfillOptions
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import name_beside, read_to_edit
from musicvae_cli.outputs.likeness import NewMeasures
from musicvae_cli.outputs.pieces import MadePieces, PieceOutput, TitledPiece
from musicvae_cli.shell.console import patient_bar, say

if TYPE_CHECKING:
    from musicvae.midi.songs.song import Song

Add = Annotated[
    str,
    typer.Option(
        metavar="bass,drums",
        help="The parts of the model to be written; with a model of bands, instruments.",
        show_default="all that the song lacks; with a model of bands, say which",
    ),
]


def accompany(
    context: typer.Context,
    song: options.Song,
    out: options.MidiOut = None,
    add: Add = "",
    n: options.Ways = 1,
    candidates: options.Candidates = InfillOptions.candidates,
    temperature: options.Temperature = InfillOptions.temperature,
    seed: options.DrawnSeed = None,
    melody: options.Melody = "",
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write parts that fit SONG, such as a bass, or the lower voices of a tune.

    Nothing of it is changed. The whole is written as SONG-accompanied.mid beside it.
    Of several ways each is a file: SONG-accompanied-1.mid, -2.mid ...
    """
    out = out or name_beside(song, "-accompanied.mid")
    output = PieceOutput(out, force, as_json, (song,), n if n > 1 else 0)
    seed = options.choose_seed(seed)
    with open_model(model) as opened:
        from musicvae.compose.accompany import accompany as write
        from musicvae.compose.accompany import choose_new_parts
        from musicvae.compose.infill import Gap

        given, notices = read_to_edit(song, opened.network.config, melody)
        with_new, parts, before = choose_new_parts(given.song, add, opened.network.config)
        given = replace(given, song=with_new, played=tuple(given.played[seat] for seat in before))
        whole, how = Gap(0, given.song.measures), InfillOptions(candidates, temperature=temperature)
        generator = options.make_generator(seed)
        songs: list[Song] = []
        for number in range(1, n + 1):
            with patient_bar("writing" if n == 1 else f"writing {number} of {n}") as advance:
                songs.append(write(opened.network, given.song, parts, whole, how, generator, advance))
    names = ", ".join(given.song.parts[part].name for part in parts)
    played = {part for song in songs for part in song.notes["part"].tolist()}
    silent = [given.song.parts[part].name for part in parts if part not in played]
    if silent:
        notices = (*notices, f"nothing was found to play for {', '.join(silent)}: try another --seed")
        say(notices[-1])
    new = NewMeasures(*whole, parts)
    titles = (f"accompaniment {number}" for number in range(1, n + 1))
    pieces = tuple(TitledPiece(*each, new, given) for each in zip(titles, songs, strict=True))
    about = f"{names} written to {given.song.measures} measures, seed {seed}"
    output.deliver(context, MadePieces(pieces, about, seed, (), notices), opened)
