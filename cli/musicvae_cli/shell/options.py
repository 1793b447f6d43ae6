"""The options of commands, each declared once; those of trainings are in `train_options`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from musicvae_cli.shell.choices import Device

LARGEST_SEED = 2**32 - 1


def finite(value: float | None) -> float | None:
    """Return a number that an option was given, if it is one."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter("it must be a number")
    return value


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise typer.BadParameter(f"it must lie between 0 and 1, and {value:g} does not")
    return value


# What goes in

Songs = Annotated[
    list[Path],
    typer.Argument(
        metavar="SONGS",
        help="Folders of songs, or songs: MIDI, MusicXML, ABC, Humdrum.",
        show_default=False,
    ),
]
Song = Annotated[
    Path, typer.Argument(metavar="SONG", help="A song; - reads MIDI from standard input.", show_default=False)
]
SongOrFolder = Annotated[
    Path, typer.Argument(metavar="SONG|FOLDER", help="A song, or a folder of songs.", show_default=False)
]
SongA = Annotated[Path, typer.Argument(metavar="A", help="The song to begin with.", show_default=False)]
SongB = Annotated[Path, typer.Argument(metavar="B", help="The song to arrive at.", show_default=False)]
Packed = Annotated[
    Path,
    typer.Argument(
        metavar="PACKED",
        help="What `musicvae compress` wrote; - reads it from standard input.",
        show_default=False,
    ),
]
Model = Annotated[
    Path | None,
    typer.Option(
        help="A model folder, or the name of one that comes with musicvae (see `musicvae models`);"
        " else $MUSICVAE_MODEL, ./musicvae-model, or the first of those.",
        show_default=False,
    ),
]
FreeTiming = Annotated[bool, typer.Option("--free-timing", help="Keep songs played without a click.")]

# What comes out

Out = Annotated[
    Path,
    typer.Argument(metavar="OUT", help="The MIDI file to write; - is standard output.", show_default=False),
]
PackedOut = Annotated[
    Path,
    typer.Argument(
        metavar="OUT", help="The compressed file to write, .mvz; - is standard output.", show_default=False
    ),
]
MidiOut = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="The MIDI file to write; - is standard output.", show_default=False),
]
PictureOut = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="The picture to write: .png, .svg or .pdf.", show_default=False),
]
Force = Annotated[bool, typer.Option("--force", help="Replace what somebody else wrote.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
Title = Annotated[str, typer.Option(help="Above the picture.", show_default="the song's own")]

# New music

Pieces = Annotated[int, typer.Option("--n", "-n", min=1, max=10_000, help="How many pieces.")]
Separate = Annotated[bool, typer.Option("--separate", help="A file for each piece: out-1.mid, out-2.mid ...")]
Measures = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=10_000,
        help="Measures of each piece.",
        show_default="16, or as --form or --meter have it",
    ),
]
FirstMeasures = Annotated[
    int | None, typer.Option("--measures", min=1, help="Take only so many from the beginning of each song.")
]
Temperature = Annotated[
    float,
    typer.Option(
        min=0, max=10, callback=finite, help="1 draws as learned, less plays safer, 0 takes the likeliest."
    ),
]
Tempo = Annotated[
    float | None,
    typer.Option(
        min=4,
        max=1000,
        callback=finite,
        help="Quarter notes a minute.",
        show_default="as the songs learned from",
    ),
]
Meters = Annotated[
    str | None,
    typer.Option(
        "--meter",
        metavar="3/4",
        help="Meter of the pieces, or a list such as 4/4x8,3/4x8.",
        show_default="as the songs learned from",
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        metavar='"G major"', help="Key of the pieces, such as Am.", show_default="as the songs learned from"
    ),
]
Form = Annotated[
    str | None,
    typer.Option(
        metavar="AABA",
        help="Sections: those of one letter are alike, A' is A with changes, A8 B4 have so many measures.",
        show_default="as the songs learned from",
    ),
]
Style = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The sub-folder of songs that the pieces are to be like.",
        show_default="as the songs learned from",
    ),
]
FromPrior = Annotated[
    bool, typer.Option("--from-prior", help="Draw the code of each measure from N(0, I), as textbooks do.")
]
Steps = Annotated[int, typer.Option(min=0, max=1000, help="Songs between A and B.")]
Natural = Annotated[
    float,
    typer.Option(
        callback=_share, help="How freely the middle of the way is written, 0 to 1; 0 takes the mere average."
    ),
]
Morph = Annotated[
    bool, typer.Option("--morph", help="One song instead, that turns from A into B as it goes on.")
]
DrawnSeed = Annotated[
    int | None,
    typer.Option(
        "--seed", min=0, max=LARGEST_SEED, help="Same seed, same result.", show_default="drawn and told"
    ),
]

# A song worked with

NewMeasures = Annotated[
    int | None,
    typer.Option(
        "--measures",
        min=1,
        max=10_000,
        help="Measures to go on for.",
        show_default="8, or as --meter has it",
    ),
]
NewMeters = Annotated[
    str | None,
    typer.Option(
        "--meter",
        metavar="3/4",
        help="Meter of the new measures, or a list such as 4/4x8,3/4x8.",
        show_default="that of the song's last one",
    ),
]
Ways = Annotated[int, typer.Option("--n", "-n", min=1, max=10_000, help="In how many ways.")]
From = Annotated[
    int,
    typer.Option(
        "--from", min=1, help="The first measure to write anew, counted from 1.", show_default=False
    ),
]
To = Annotated[int, typer.Option("--to", min=1, help="The last measure to write anew.", show_default=False)]
Candidates = Annotated[
    int,
    typer.Option(
        min=1, max=4096, help="Fillings to choose from, by how well the measures after them follow."
    ),
]
Amount = Annotated[
    float, typer.Option(callback=_share, help="0 says the song back, 1 is a new piece in its meters.")
]

WrongShare = Annotated[
    float,
    typer.Option(
        "--amount",
        callback=_share,
        help="Share of the notes taken to be wrong, 0 to 1: the more, the sooner a note is changed.",
    ),
]

# Compressing

Lossless = Annotated[
    bool, typer.Option("--lossless", help="Keep every note, by the probabilities that the model gives it.")
]
CodeStep = Annotated[
    float,
    typer.Option(
        "--step",
        min=0.016,
        max=100,
        callback=finite,
        help="Without --lossless: how coarsely codes are rounded; more is smaller and less like the song.",
    ),
]

# Everywhere

Seed = Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Same seed, same split and draws.")]
OnDevice = Annotated[Device, typer.Option("--device", help="Where to run; auto takes the best there is.")]

# Corpora

Corpus = Annotated[
    str, typer.Argument(metavar="NAME", help="A corpus: see `musicvae corpus list`.", show_default=False)
]
Folder = Annotated[
    Path,
    typer.Argument(metavar="FOLDER", help="Where to write; made if it is not there.", show_default=False),
]
Limit = Annotated[
    int | None,
    typer.Option(min=1, help="Write at most so many pieces, of all meters in turn.", show_default="all"),
]
