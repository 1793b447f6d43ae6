"""The options that several commands have, each declared once; those of one command stand above it."""

from __future__ import annotations

import math
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from musicvae.errors import SongError

if TYPE_CHECKING:
    import torch

STANDARD = Path("-")  # input or output, where a MIDI file is asked for
LARGEST_SEED = 2**32 - 1
Device = Literal["auto", "cpu", "cuda", "mps"]


def finite(value: float | None) -> float | None:
    """Return a number that an option was given, if it is one."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter("it must be a number")
    return value


def share(value: float) -> float:
    """Return a number that an option was given, if it is a share."""
    if not 0 <= value <= 1:
        raise typer.BadParameter(f"it must lie between 0 and 1, and {value:g} does not")
    return value


def there(song: Path) -> Path:
    """Return the path of a song, if there is anything: that is found before a model is loaded."""
    if song != STANDARD and not song.exists():
        raise SongError(f"{song}: it cannot be opened: No such file or directory")
    return song


def is_given(context: typer.Context, name: str) -> bool:
    """Say whether the command line has an option, be it with its default."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def choose_seed(given: int | None) -> int:
    """Return the seed that was given, or else a drawn one."""
    return SystemRandom().randrange(LARGEST_SEED) if given is None else given


def make_generator(seed: int) -> torch.Generator:
    """Return the source of all chance of a command."""
    import torch

    return torch.Generator().manual_seed(seed)


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
    Path,
    typer.Argument(
        metavar="SONG", callback=there, help="A song; - reads MIDI from standard input.", show_default=False
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
Candidates = Annotated[
    int,
    typer.Option(
        min=1,
        max=512,
        help="How many are written for one that is kept: that to which the given music fits best.",
    ),
]
Melody = Annotated[
    str,
    typer.Option(
        metavar="TRACK",
        help="The track that is the melody, by its name or number.",
        show_default="the one that is sung, or most like a melody: see `musicvae inspect`",
    ),
]
FreeTiming = Annotated[bool, typer.Option("--free-timing", help="Keep songs played without a click.")]

# What comes out

_MIDI_OUT = (
    "The MIDI file to write, or sound (.wav, .flac) or a score (.musicxml, .mxl); - is standard output."
)
Out = Annotated[Path, typer.Argument(metavar="OUT", help=_MIDI_OUT, show_default=False)]
MidiOut = Annotated[Path | None, typer.Option("--out", "-o", help=_MIDI_OUT, show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Replace what somebody else wrote.")]
Soundfont = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.sf2",
        help="The instruments, a soundfont; else $MUSICVAE_SOUNDFONT, or a small one that comes with pip.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
Separate = Annotated[bool, typer.Option("--separate", help="A file for each piece: out-1.mid, out-2.mid ...")]

# How

Ways = Annotated[int, typer.Option("--n", "-n", min=1, max=10_000, help="In how many ways.")]
Exact = Annotated[
    bool, typer.Option("--exact", help="Read every measure as often as can be, whatever it costs.")
]
Temperature = Annotated[
    float,
    typer.Option(
        min=0, max=10, callback=finite, help="1 draws as learned, less plays safer, 0 takes the likeliest."
    ),
]
DrawnSeed = Annotated[
    int | None,
    typer.Option(
        "--seed", min=0, max=LARGEST_SEED, help="Same seed, same result.", show_default="drawn and told"
    ),
]
Seed = Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Same seed, same split and draws.")]
OnDevice = Annotated[Device, typer.Option("--device", help="Where to run; auto takes the best there is.")]
