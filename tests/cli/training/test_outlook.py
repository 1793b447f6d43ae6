from __future__ import annotations

from collections.abc import Sequence

import pytest

from musicvae.measures.data.store import MeasureStore, songs_to_store
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Song
from musicvae_cli.training.outlook import FEW_SONGS, HARD, doubt_music, doubt_songs


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


def test_scores_that_promise_little_are_told_early() -> None:
    assert "onset F1 of only 0.300" in doubt_music({"onset_f1": 0.3})
    assert doubt_music({"onset_f1": HARD}) == ""
    assert doubt_music({"psnr": 12.0}) == ""
