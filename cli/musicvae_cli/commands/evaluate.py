"""`musicvae evaluate`: what a model is worth on songs, and what its music is like beside them."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae.errors import SongError
from musicvae_cli.inputs.find_model import OpenModel, open_model
from musicvae_cli.inputs.prepared_songs import prepare_songs, read_samples, require_songs, say_refusals
from musicvae_cli.shell.console import patient_bar, print_json, print_table, say

if TYPE_CHECKING:
    from musicvae.evaluate.music.comparison import Comparison, Side
    from musicvae.measures.data.config import MeasureVAEConfig
    from musicvae.midi.likeness.tune_index import TuneIndex
    from musicvae.midi.songs.song import Song

NO_SONG = "there is no song here that the model can read: name others"
LEARNED = 0.9  # share of n-grams from which on a song is one of those learned from, or a copy of it
_WITH_UNIT = {
    "mean_interval": "mean interval, semitones",
    "pitch_range": "pitch range, semitones",
    "length_beats": "length, beats",
}

Samples = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FOLDER|FILE",
        help="Music that the model wrote, to be compared with SONGS instead; may be given several times.",
        show_default=False,
    ),
]


def evaluate(
    songs: options.Songs,
    samples: Samples = None,
    model: options.Model = None,
    free_timing: options.FreeTiming = False,
    exact: options.Exact = False,
    as_json: options.AsJson = False,
) -> None:
    """Measure how well a model says SONGS back. And how likely it finds them.

    With --samples, measure how like SONGS the samples are.
    """
    if exact and samples:
        raise typer.BadParameter(
            "--exact is for saying SONGS back, and with --samples nothing is: leave it out"
        )
    require_songs((*songs, *(samples or ())))
    with open_model(model) as opened:
        known = _read_songs(songs, opened.network.config, free_timing)
        if samples:
            _compare(samples, known, opened, as_json)
        else:
            _score(known, opened, exact, as_json)


def _score(songs: list[Song], model: OpenModel, exact: bool, as_json: bool) -> None:
    """Print how well the model says songs back, and how likely it finds them."""
    from musicvae.evaluate.music.model_card import name_scores
    from musicvae.evaluate.music.reconstruction import evaluate as score

    known = _readable(songs, model.network.config)
    say(f"scoring {len(known)} songs")
    with patient_bar("scoring") as advance:
        scores = score(model.network, known, exact, advance)
    learned = _count_learned(known, model.tunes, "how well it knows others, these scores do not say")
    if as_json:
        print_json({**scores._asdict(), "learned": learned})
    else:
        counts = [("songs", f"{scores.songs:,}"), ("measures", f"{scores.measures:,}")]
        print_table(("", ""), [*counts, *name_scores(scores)], numbers=(1,))


def _compare(paths: list[Path], songs: list[Song], model: OpenModel, as_json: bool) -> None:
    """Print what samples are like, beside songs."""
    from musicvae.evaluate.music.comparison import compare_samples

    samples = read_samples(paths, model.network.config)
    compared = compare_samples(samples, songs, model.tunes)
    for what, side, pieces in (("samples", compared.samples, samples), ("songs", compared.songs, songs)):
        fewer = len(pieces) - side.pieces
        drawn = f", {side.overlap_of:,} drawn for the overlap" if side.overlap_of < side.pieces else ""
        say(f"{what}: {len(pieces)}" + (f", {fewer} left out as too short" if fewer else "") + drawn)
    say(f"measures compared of each: {compared.measures}")
    learned = _count_learned(songs, model.tunes, "what these have in common with it, others may not")
    if as_json:
        _print_comparison_json(compared, learned)
    else:
        _print_comparison(compared)


def _print_comparison(compared: Comparison) -> None:
    """Print two tables: what each side is like, and how much their features overlap."""
    samples, songs = compared.samples, compared.songs
    rows = [("pieces", f"{samples.pieces:,}", f"{songs.pieces:,}")]
    pairs = zip(samples.statistics._fields, samples.statistics, songs.statistics, strict=True)
    for figure, ours, theirs in pairs:
        rows.append((_WITH_UNIT.get(figure, _words(figure)), f"{ours:.3f}", f"{theirs:.3f}"))
    if samples.copies and songs.copies:
        both = samples.copies.share, songs.copies.share
        copied, known = ("-" if isnan(share) else f"{share:.1%}" for share in both)  # -: none is so long
        rows.append(("copied from songs learned from", copied, known))
    print_table(("", "samples", "songs"), rows, numbers=(1, 2))
    areas = {**compared.overlap._asdict(), "mean": compared.overlap.mean}
    named = [(_words(feature), f"{area:.3f}") for feature, area in areas.items()]
    print_table(("", "overlap"), named, numbers=(1,))


def _print_comparison_json(compared: Comparison, learned: int | None) -> None:
    """Print one object; `learned` is how many of the songs the model was trained on."""
    areas = _known({**compared.overlap._asdict(), "mean": compared.overlap.mean})
    sides = {"samples": _side(compared.samples), "songs": _side(compared.songs)}
    print_json({"measures": compared.measures, **sides, "overlap": areas, "learned": learned})


def _side(side: Side) -> dict[str, object]:
    copies = _known(side.copies._asdict()) if side.copies else None
    counts = {"pieces": side.pieces, "overlap_of": side.overlap_of}
    return {**counts, **_known(side.statistics._asdict()), "copies": copies}


def _words(name: str) -> str:
    return name.replace("_", " ")


def _known(figures: dict[str, float]) -> dict[str, float | None]:
    """Return figures as JSON has them, which does not know NaN."""
    return {name: None if isnan(value) else value for name, value in figures.items()}


def _count_learned(songs: list[Song], tunes: TuneIndex | None, advice: str) -> int | None:
    """Return how many of the songs a model was trained on, and warn if it was on any; None if not known."""
    if tunes is None:
        return None
    found = [tunes.nearest(song) for song in songs]
    learned = sum(near is not None and near.share >= LEARNED for near in found)
    if learned:
        which = f"{learned} of these {len(songs)} songs, or on copies of them"
        say(f"warning: the model was trained on {which}: {advice}")
    return learned


def _read_songs(paths: list[Path], config: MeasureVAEConfig, free_timing: bool) -> list[Song]:
    """Return songs in the grid and parts of a model; a SongError if there are none."""
    from musicvae.measures.data.store import store_to_song
    from musicvae.measures.preparing.prepare import PrepareOptions

    prepared = prepare_songs(paths, PrepareOptions(config.arrangement, config.grid, free_timing))
    say_refusals(prepared.reports)
    store = prepared.store
    if not store.songs:
        raise SongError(NO_SONG)
    return [store_to_song(store, index, config.parts, config.grid) for index in range(store.songs)]


def _readable(songs: list[Song], config: MeasureVAEConfig) -> list[Song]:
    """Return the songs that the model can read."""
    known = [song for song in songs if all(map(config.can_read, set(song.meters)))]
    if len(known) < len(songs):
        say(f"left out: {len(songs) - len(known)} songs with measures longer than the model's longest")
    if not known:
        raise SongError(NO_SONG)
    return known
