"""`musicvae infill`: a song with some of its measures written anew, in all parts or in some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae.compose.options import InfillOptions
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import name_beside, read_to_edit
from musicvae_cli.outputs.likeness import NewMeasures
from musicvae_cli.outputs.pieces import MadePieces, PieceOutput, TitledPiece
from musicvae_cli.shell.console import patient_bar

if TYPE_CHECKING:
    from musicvae.midi.songs.song import Part, Song

First = Annotated[
    int,
    typer.Option(
        "--from", min=1, help="The first measure to write anew, counted from 1.", show_default=False
    ),
]
Last = Annotated[int, typer.Option("--to", min=1, help="The last measure to write anew.", show_default=False)]
Parts = Annotated[
    str,
    typer.Option(
        metavar="bass,drums",
        help="Write these parts alone, around the others.",
        show_default="all",
    ),
]


def infill(
    context: typer.Context,
    song: options.Song,
    first: First,
    last: Last,
    out: options.MidiOut = None,
    parts: Parts = "",
    n: options.Ways = 1,
    candidates: options.Candidates = InfillOptions.candidates,
    temperature: options.Temperature = InfillOptions.temperature,
    seed: options.DrawnSeed = None,
    melody: options.Melody = "",
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write measures --from to --to of SONG anew.

    All else stays as it is. The whole is written as SONG-infilled.mid beside it. Of several ways each is a
    file, SONG-infilled-1.mid, -2.mid ..., and none is as another or as it was.
    """
    if last < first:
        raise typer.BadParameter(f"no measures from {first} to {last}: --to is the last of them")
    out = out or name_beside(song, "-infilled.mid")
    output = PieceOutput(out, force, as_json, (song,), n if n > 1 else 0)
    seed = options.choose_seed(seed)
    with open_model(model) as opened:
        from musicvae.compose.accompany import accompany, find_parts
        from musicvae.compose.infill import Gap
        from musicvae.compose.infill import infill as fill

        given, notices = read_to_edit(song, opened.network.config, melody)
        playing = given.song.parts
        chosen = find_parts(playing, parts) if parts else None
        gap, how = Gap(first - 1, last), InfillOptions(candidates, temperature=temperature)
        generator = options.make_generator(seed)
        songs: list[Song] = []
        for number in range(1, n + 1):
            given_to = (opened.network, given.song)
            with patient_bar("writing" if n == 1 else f"writing {number} of {n}") as advance:
                if chosen is None:
                    known = (given.song, *songs) if n > 1 else ()
                    songs.append(fill(*given_to, gap, how, generator, advance, known))
                else:
                    songs.append(accompany(*given_to, chosen, gap, how, generator, advance))
    which = _in_parts(playing, chosen)
    about = f"measures {first} to {last} of {given.song.measures} are new{which}, seed {seed}"
    new, titles = NewMeasures(*gap, chosen), [f"filling {number}" for number in range(1, n + 1)]
    titles = ["the filling"] if n == 1 else titles
    pieces = tuple(TitledPiece(*each, new, given) for each in zip(titles, songs, strict=True))
    output.deliver(context, MadePieces(pieces, about, seed, (), notices), opened)


def _in_parts(known: tuple[Part, ...], chosen: tuple[int, ...] | None) -> str:
    """Return a phrase on the parts that are new, if not all are."""
    return "" if chosen is None else f" in {', '.join(known[part].name for part in chosen)}"
