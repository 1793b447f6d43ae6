"""What samples are like beside songs, as a table and as JSON."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from musicvae_cli.shell.console import print_json, print_table

if TYPE_CHECKING:
    from musicvae.evaluate.music.comparison import Comparison, Side

_WITH_UNIT = {
    "mean_interval": "mean interval, semitones",
    "pitch_range": "pitch range, semitones",
    "length_beats": "length, beats",
}


def print_comparison(compared: Comparison) -> None:
    """Print two tables: what each side is like, and how much their features overlap."""
    samples, songs = compared.samples, compared.songs
    rows = [("pieces", f"{samples.pieces:,}", f"{songs.pieces:,}")]
    pairs = zip(samples.statistics._fields, samples.statistics, songs.statistics, strict=True)
    for figure, ours, theirs in pairs:
        rows.append((_WITH_UNIT.get(figure, _words(figure)), f"{ours:.3f}", f"{theirs:.3f}"))
    if samples.copies and songs.copies:
        ours, theirs = samples.copies.share, songs.copies.share
        rows.append(("copied from songs learned from", f"{ours:.1%}", f"{theirs:.1%}"))
    print_table(("", "samples", "songs"), rows, numbers=(1, 2))
    areas = {**compared.overlap._asdict(), "mean": compared.overlap.mean}
    named = [(_words(feature), f"{area:.3f}") for feature, area in areas.items()]
    print_table(("", "overlap"), named, numbers=(1,))


def print_comparison_json(compared: Comparison, learned: int | None) -> None:
    """Print one object; `learned` is how many of the songs the model was trained on."""
    areas = _known({**compared.overlap._asdict(), "mean": compared.overlap.mean})
    sides = {"samples": _side(compared.samples), "songs": _side(compared.songs)}
    print_json({"measures": compared.measures, **sides, "overlap": areas, "learned": learned})


def _side(side: Side) -> dict[str, object]:
    copies = _known(side.copies._asdict()) if side.copies else None
    return {"pieces": side.pieces, **_known(side.statistics._asdict()), "copies": copies}


def _words(name: str) -> str:
    return name.replace("_", " ")


def _known(figures: dict[str, float]) -> dict[str, float | None]:
    """Return figures as JSON has them, which does not know NaN."""
    return {name: None if isnan(value) else value for name, value in figures.items()}
