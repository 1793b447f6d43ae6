"""Small inputs after faults that were reported of other programs, and the notes that are right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from musicvae.midi.reading.reader import read_songs
from musicvae.midi.reading.score_file import parse_score
from musicvae.midi.reading.song_files import SCORE_FORMATS
from musicvae.midi.songs.song import Grid

_GRID = Grid(24)

Notes = list[tuple[Fraction, int, Fraction]]  # onset in beats, pitch, length


class Cases(NamedTuple):
    """How many cases are read as they should, and what is heard in the others."""

    cases: int
    right: int
    wrong: list[str]


def read_cases(folder: Path) -> Cases:
    """Return how rightly the cases in a folder are read, which its cases.json lists."""
    listed = folder / "cases.json"
    if not listed.exists():
        raise SystemExit(f"there is no {listed}: say where the cases lie by --cases")
    cases = json.loads(listed.read_text(encoding="utf-8"))
    wrong = [told for case in cases if (told := _tell_wrong(folder, case))]
    return Cases(len(cases), len(cases) - len(wrong), wrong)


def _tell_wrong(folder: Path, case: dict[str, Any]) -> str:
    right = sorted((Fraction(onset), pitch, Fraction(length)) for onset, pitch, length in case["notes"])
    path = folder / case["file"]
    heard = sorted(_hear_melody(path, case["song"]) if case["melody"] else _hear(path, case["song"]))
    if heard == right:
        return ""
    return f"{case['file']}, {case['what']}: {_tell(heard)}; right is {_tell(right)}"


def _hear(path: Path, song: int) -> Iterator[tuple[Fraction, int, Fraction]]:
    """Yield the notes of a file without its chord symbols and graces."""
    source = parse_score(path.read_bytes(), SCORE_FORMATS[path.suffix])[song]
    for start, end, pitch, _, track in source.notes.tolist():
        if end > start and source.tracks[track].name != "chords":
            beat = source.ticks_per_beat
            yield Fraction(start, beat), pitch, Fraction(end - start, beat)


def _hear_melody(path: Path, song: int) -> Iterator[tuple[Fraction, int, Fraction]]:
    """Yield the notes of the melody on the grid."""
    notes = read_songs(path, _GRID, "melody")[song].notes
    for start, pitch, length in notes[["start", "pitch", "length"]].tolist():
        yield Fraction(start, _GRID.steps_per_beat), pitch, Fraction(length, _GRID.steps_per_beat)


def _tell(notes: Notes) -> str:
    return ", ".join(f"{pitch} at {onset} for {length}" for onset, pitch, length in notes)
