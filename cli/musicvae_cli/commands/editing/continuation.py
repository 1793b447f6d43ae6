"""`musicvae continue`: a song with new measures after its last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae.compose.options import NEW_MEASURES, TEMPERATURE
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import name_beside, read_to_edit
from musicvae_cli.outputs.likeness import NewMeasures
from musicvae_cli.outputs.pieces import MadePieces, PieceOutput, TitledPiece
from musicvae_cli.shell.console import patient_bar

if TYPE_CHECKING:
    from musicvae.measures.data.config import MeasureVAEConfig
    from musicvae.midi.songs.song import Meter, Song

Measures = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=10_000,
        help="Measures to go on for.",
        show_default=f"{NEW_MEASURES}, or as --meter has it",
    ),
]
Meters = Annotated[
    str | None,
    typer.Option(
        "--meter",
        metavar="3/4",
        help="Meter of the new measures, or a list such as 4/4x8,3/4x8.",
        show_default="that of the song's last one",
    ),
]


def continue_song(
    context: typer.Context,
    song: options.Song,
    out: options.MidiOut = None,
    measures: Measures = None,
    meter: Meters = None,
    n: options.Ways = 1,
    temperature: options.Temperature = TEMPERATURE,
    seed: options.DrawnSeed = None,
    separate: options.Separate = False,
    melody: options.Melody = "",
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Go on with SONG. It is written with its new measures as SONG-continued.mid beside it.

    Nothing that it says is changed. Of several ways each is a file: SONG-continued-1.mid, -2.mid ...
    """
    out = out or name_beside(song, "-continued.mid")
    output = PieceOutput(out, force, as_json, (song,), n if separate or n > 1 else 0)
    seed = options.choose_seed(seed)
    with open_model(model) as opened:
        from musicvae.compose.continuation import continue_song as go_on

        given, notices = read_to_edit(song, opened.network.config, melody)
        meters = _choose_meters(opened.network.config, given.song, meter, measures)
        generator = options.make_generator(seed)
        with patient_bar("writing") as advance:
            songs = go_on(opened.network, given.song, meters, n, temperature, generator, advance)
    new = NewMeasures(given.song.measures, given.song.measures + len(meters))
    titles = (f"continuation {number}" for number in range(1, n + 1))
    pieces = tuple(TitledPiece(*each, new, given) for each in zip(titles, songs, strict=True))
    about = f"{new.first} measures given, {len(meters)} new, seed {seed}"
    output.deliver(context, MadePieces(pieces, about, seed, (), notices), opened)


def _choose_meters(
    config: MeasureVAEConfig, song: Song, asked: str | None, measures: int | None
) -> tuple[Meter, ...]:
    """Return the meters of the new measures: those asked for, or else that of the song's last one."""
    from musicvae.compose.generate import parse_known_meters

    if asked is None:
        return song.meters[-1:] * (measures or NEW_MEASURES)
    return parse_known_meters(config, asked, measures, NEW_MEASURES)
