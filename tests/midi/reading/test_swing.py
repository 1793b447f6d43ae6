from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from musicvae.midi.reading.reader import read_sources, read_with_report
from musicvae.midi.reading.swing import measure_swing
from musicvae.midi.songs.source import SOURCE_NOTE, Source

TICKS = 480
BEATS = np.arange(64)
NOISE = np.random.default_rng(0).normal(size=400)


def played(*places: float, beats: np.ndarray = BEATS, off_by: float = 0.0) -> Source:
    """Return a source that has a note at these places of each beat, off by so much of a beat on average."""
    onsets = 1 + np.sort(np.add.outer(beats, places).ravel())
    starts = np.rint(TICKS * (onsets + off_by * NOISE[: len(onsets)])).astype(int)
    notes = np.zeros(len(starts), SOURCE_NOTE)
    notes["start"], notes["end"], notes["pitch"], notes["velocity"] = starts, starts + 10, 60, 80
    return Source(notes, (), TICKS)


@pytest.mark.parametrize(
    ("source", "share"),
    [
        (played(0, 2 / 3), 1.0),
        (played(0, 1 / 3, 2 / 3), 1.0),
        (played(0, 0.62), 1.0),
        (played(0, 0.25, 0.5, 0.75), 0.0),
        (played(0, 0.5), 0.0),
        (played(0, 0.75), 0.0),
        (played(0), 0.0),
        (played(), 0.0),
    ],
    ids=["swung", "triplets", "light swing", "sixteenths", "eighths", "dotted", "beats", "silence"],
)
def test_swing_is_the_share_of_the_off_beats_at_two_thirds(source: Source, share: float) -> None:
    assert measure_swing([source]) == share


def test_playing_by_hand_swings_as_what_it_means() -> None:
    assert measure_swing([played(0, 2 / 3, off_by=0.03)]) > 0.8
    assert measure_swing([played(0, 0.5, off_by=0.03)]) == 0
    assert measure_swing([played(0, 0.25, 0.5, 0.75, off_by=0.03)]) < 0.2


def test_a_few_triplets_in_straight_music_are_ornaments() -> None:
    straight, triplets = played(0, 0.5, beats=np.arange(100)), played(1 / 3, 2 / 3, beats=np.arange(7))
    assert measure_swing([straight, triplets]) == 0


def test_songs_of_one_file_count_together() -> None:
    assert measure_swing([played(0, 0.5), played(0, 2 / 3)]) == 0.5
    assert measure_swing([]) == 0


def write_abc(path: Path, meter: str, measure: str) -> Path:
    path.write_text(f"X:1\nT:Tune\nM:{meter}\nL:1/8\nK:C\n{measure * 16}\n")
    return path


@pytest.mark.parametrize(
    ("meter", "measure", "swung"),
    [
        ("4/4", "C D E F G A B c |", False),
        ("12/8", "CDE FGA Bcd edc |", False),
        ("4/4", "(3CDE (3FGA (3Bcd (3edc |", True),
        ("4/4", "(3:2:2C2D (3:2:2E2F (3:2:2G2A (3:2:2B2c |", True),
        ("4/4", "C>D E>F G>A B>c |", False),
    ],
    ids=["eighths", "12/8", "triplets", "swung", "dotted"],
)
def test_songs_swing_by_their_notes(tmp_path: Path, meter: str, measure: str, swung: bool) -> None:
    report = read_with_report(write_abc(tmp_path / "tune.abc", meter, measure)).report
    assert report.is_swung == swung


def choose(files: Sequence[Path], count: int) -> list[Path]:
    return [files[index] for index in np.random.default_rng(0).permutation(len(files))[:count].tolist()]


@pytest.mark.corpora
def test_straight_tunes_do_not_swing(shared_corpora: Path) -> None:
    files = choose(sorted((shared_corpora / "hymns").rglob("*.abc")), 40)
    swung = [file for file in files if read_with_report(file).report.is_swung]
    assert not swung


def test_the_starter_tunes_do_not_swing() -> None:
    folk = sorted((Path(__file__).parents[3] / "midi_data" / "folk").rglob("*.mid"))
    assert max(measure_swing(read_sources(file).sources) for file in choose(folk, 40)) < 0.5
