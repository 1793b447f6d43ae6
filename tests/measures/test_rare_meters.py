"""Songs in other meters: what is added to a store, and what is left as it was."""

from __future__ import annotations

import numpy as np
import pytest

from musicvae.measures import rare_meters
from musicvae.measures.data.store import MeasureStore, songs_to_store, store_to_song
from musicvae.measures.rare_meters import add_rare_meters, bar_anew
from musicvae.midi.songs.notes import NOTE
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PARTS = (Part("melody"),)
SEVEN = Meter(7, 4)


def song(measures: int, meter: Meter, seed: int) -> Song:
    steps, rng = measures * meter.steps(Grid()), np.random.default_rng(seed)
    notes = np.zeros(steps // 2, NOTE)
    notes["start"], notes["length"] = np.arange(len(notes)) * 2, 2
    notes["pitch"], notes["velocity"] = rng.integers(60, 80, len(notes)), 90
    return Song(notes, (meter,) * measures, PARTS)


@pytest.fixture
def store() -> MeasureStore:
    songs = [song(20, Meter(4, 4), seed) for seed in range(6)]
    return songs_to_store([*songs, song(1, SEVEN, 6)])


def test_a_song_barred_anew_has_the_same_notes() -> None:
    before = song(5, Meter(4, 4), 0)
    after = bar_anew(before, SEVEN)
    assert np.array_equal(before.notes, after.notes)
    assert after.meters == (SEVEN,) * 3  # 80 steps of 28


def test_measures_of_a_rare_meter_are_made_of_songs_that_are_learned_from(
    store: MeasureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rare_meters, "LEAST", 0.1)
    learned = np.arange(4)
    more, songs = add_rare_meters(store, learned, PARTS, Grid(), seed=0)
    added = songs[len(learned) :]
    made = [store_to_song(more, index, PARTS, Grid()) for index in added.tolist()]
    assert sum(song.measures for song in made) == 8  # a tenth of 80
    assert {meter for song in made for meter in song.meters} == {SEVEN}
    known = {store_to_song(store, index, PARTS, Grid()).notes.tobytes()[:200] for index in learned.tolist()}
    assert all(song.notes.tobytes()[:200] in known for song in made)


def test_songs_that_were_there_stay_where_they_were(
    store: MeasureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rare_meters, "LEAST", 0.1)
    more, songs = add_rare_meters(store, np.arange(4), PARTS, Grid(), seed=0)
    assert songs[:4].tolist() == [0, 1, 2, 3] and min(songs[4:]) == store.songs
    for index in range(store.songs):
        assert store_to_song(more, index, PARTS, Grid()) == store_to_song(store, index, PARTS, Grid())


def test_rare_meters_take_up_a_tenth_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rare_meters, "LEAST", 0.08)
    odd = [song(1, Meter(number, 4), number) for number in (2, 3, 5, 6, 7)]
    store = songs_to_store([*(song(20, Meter(4, 4), seed) for seed in range(5)), *odd])
    more, _ = add_rare_meters(store, np.arange(5), PARTS, Grid(), seed=0)
    assert more.measures - store.measures == 10


def test_where_there_are_no_songs_or_far_too_many_nothing_is_added(
    store: MeasureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert add_rare_meters(store, np.arange(0), PARTS, Grid(), seed=0)[0] is store
    monkeypatch.setattr(rare_meters, "LEAST", 0.1)
    monkeypatch.setattr(rare_meters, "TOO_MANY", 50)
    assert add_rare_meters(store, np.arange(4), PARTS, Grid(), seed=0)[0] is store


def test_where_no_meter_is_rare_nothing_is_added() -> None:
    store = songs_to_store([song(20, Meter(4, 4), seed) for seed in range(3)])
    learned = np.arange(3)
    same = add_rare_meters(store, learned, PARTS, Grid(), seed=0)
    assert same[0] is store and same[1] is learned
