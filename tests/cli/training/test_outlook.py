from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from musicvae.measures.data.prepared import Choice, Prepared
from musicvae.measures.data.store import MeasureStore, songs_to_store
from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.songs.ensembles import ENSEMBLES
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Song
from musicvae_cli.training.outlook import FEW_SONGS, HARD, doubt_grid, doubt_music, doubt_songs


def store(first_pitches: Sequence[int], rise: Sequence[int], measures: int = 12) -> MeasureStore:
    """Return songs of a note a measure, each from its first pitch on up by its own number of semitones."""
    songs = [
        Song(
            make_notes((16 * m, 4, pitch + step * (m % 3), 60 + m % 9, 0) for m in range(measures)),
            (Meter(4, 4),) * measures,
            ENSEMBLES["melody"],
            Grid(4),
        )
        for pitch, step in zip(first_pitches, rise, strict=True)
    ]
    return songs_to_store(songs)


def test_enough_songs_that_differ_raise_no_doubt() -> None:
    assert not list(doubt_songs(store([40] * FEW_SONGS, range(FEW_SONGS))))


@pytest.mark.parametrize(("songs", "measures"), [(FEW_SONGS - 1, 99), (FEW_SONGS, 2)])
def test_little_music_is_called_so(songs: int, measures: int) -> None:
    [doubt] = doubt_songs(store([40] * songs, range(songs), measures))
    assert doubt.startswith(f"this is little music (songs: {songs}, measures: {songs * measures:,})")


def test_copies_are_told_even_in_another_key_and_count_once() -> None:
    copies, little = doubt_songs(store(range(40, 70), [1] * 30))
    assert copies.startswith("29 of 30 songs are copies")
    assert "(songs: 1, measures: 12)" in little


def prepared(swung: int, straight: int, steps_per_beat: int) -> Prepared:
    reports = [FileReport(Path("a.mid"), "ok", songs=1, swing=0.9)] * swung
    reports += [FileReport(Path("b.mid"), "ok", songs=1)] * straight
    return Prepared(songs_to_store([]), Choice(Grid(steps_per_beat), "melody", ()), tuple(reports), False)


def test_swing_that_the_grid_makes_straight_is_told_with_what_to_do() -> None:
    assert list(doubt_grid(prepared(2, 8, 4))) == [
        "2 of 10 songs swing or go in triplets, their off-beats at two thirds of the beat, and 4 steps a"
        " beat make them straight: give --steps-per-beat 12 to keep that"
    ]


@pytest.mark.parametrize(("swung", "steps"), [(8, 12), (8, 6), (0, 4), (1, 4)])
def test_swing_that_is_kept_or_rare_is_no_matter(swung: int, steps: int) -> None:
    assert not list(doubt_grid(prepared(swung, 30, steps)))


def test_scores_that_promise_little_are_told_early() -> None:
    assert "onset F1 of only 0.300" in doubt_music({"onset_f1": 0.3})
    assert doubt_music({"onset_f1": HARD}) == ""
    assert doubt_music({"psnr": 12.0}) == ""
