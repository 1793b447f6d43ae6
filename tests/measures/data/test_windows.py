from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.data.store import MeasureStore, songs_to_store
from musicvae.measures.data.windows import TRANSPOSITION, WindowBatches, WindowConfig, count_rows, split_songs
from musicvae.measures.network.rows import find_rows
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

LENGTHS = (1, 3, 16, 17, 20, 33)  # measures of the songs
PLAIN = WindowConfig(measures=8, rows=25, transpose=False)


@pytest.fixture(scope="module")
def store(config: MeasureVAEConfig) -> MeasureStore:
    """Return songs in which each measure begins with a note that tells the song, and a drum."""
    songs = []
    for index, length in enumerate(LENGTHS):
        rows = [(8 * measure, 8, 60 + index, 80, 0) for measure in range(length)]
        rows += [(8 * measure, 1, 36 + index, 80, 1) for measure in range(length)]
        songs.append(Song(make_notes(rows), (Meter(2, 4),) * length, config.parts, config.grid))
    return songs_to_store(songs)


EVERY = np.arange(len(LENGTHS))


def measures_of(batch: MeasureBatch, first_pitch: int = 60) -> list[tuple[int, int]]:
    """Return (song, place) of the measures of a batch, by its notes on the first step of each."""
    layout, notes = batch
    melody = (notes.step == 0) & (notes.symbol >= 256) & (notes.symbol < 256 + 128)
    songs = (notes.symbol[melody] - 256 - first_pitch).tolist()
    return list(zip(songs, layout.place[notes.measure[melody]].tolist(), strict=True))


def every_batch(batches: WindowBatches) -> list[MeasureBatch]:
    return [batches.at(step) for step in range(len(batches))]


def test_every_measure_comes_once_in_an_epoch(store: MeasureStore, config: MeasureVAEConfig) -> None:
    batches = WindowBatches(store, EVERY, config, PLAIN)
    seen = Counter(measure for batch in every_batch(batches) for measure in measures_of(batch))
    assert seen == Counter((song, place) for song, length in enumerate(LENGTHS) for place in range(length))


def test_only_the_songs_asked_for_come(store: MeasureStore, config: MeasureVAEConfig) -> None:
    batches = WindowBatches(store, np.array([1, 4]), config, PLAIN)
    songs = {song for batch in every_batch(batches) for song, _ in measures_of(batch)}
    assert songs == {1, 4}


def test_windows_are_runs_of_measures_of_one_song(store: MeasureStore, config: MeasureVAEConfig) -> None:
    for layout, notes in every_batch(WindowBatches(store, EVERY, config, PLAIN)):
        assert layout.measures <= 8
        place, left, exists = (x.view(layout.windows, -1) for x in (layout.place, layout.left, layout.exists))
        for window in range(layout.windows):
            count = int(exists[window].sum())
            assert place[window, :count].diff().tolist() == [1] * (count - 1)
            length = place[window, 0] + left[window, 0] + 1
            own = (notes.measure // layout.measures == window) & (notes.symbol < 256 + 128)
            assert LENGTHS[int(notes.symbol[own].min()) - 256 - 60] == length


def test_a_song_that_fits_is_one_window_and_a_long_one_is_cut_elsewhere_in_each_epoch(
    store: MeasureStore, config: MeasureVAEConfig
) -> None:
    batches = WindowBatches(store, EVERY, config, PLAIN)
    starts: dict[int, set[int]] = {song: set() for song in range(len(LENGTHS))}
    for step in range(20 * len(batches)):
        layout, _ = batch = batches.at(step)
        places = layout.place.view(layout.windows, -1)[:, 0].tolist()
        for song, place in measures_of(batch):
            if place in places and place > 0:
                starts[song].add(place)
    assert starts[0] == starts[1] == set()
    assert len(starts[5]) > 10


def test_batches_stay_within_their_rows_and_are_nearly_full(
    store: MeasureStore, config: MeasureVAEConfig
) -> None:
    sizes = [len(find_rows(b).step) for b in every_batch(WindowBatches(store, EVERY, config, PLAIN))]
    assert max(sizes) <= 25
    assert np.median(sizes) > 12


def test_batches_for_what_says_each_measure_alone_stay_within_their_steps(
    store: MeasureStore, config: MeasureVAEConfig
) -> None:
    plan = PLAIN._replace(alone=True, steps=200)
    layouts = [batch.layout for batch in every_batch(WindowBatches(store, EVERY, config, plan))]
    sizes = [
        layout.windows * int(layout.measure_steps.view(layout.windows, -1).sum(1).max()) for layout in layouts
    ]
    assert max(sizes) <= 200
    assert np.median(sizes) > 100


def test_a_measure_has_a_row_for_its_barline_and_for_each_later_step_with_onsets(
    config: MeasureVAEConfig,
) -> None:
    rows = [(0, 1, 60, 80, 0), (2, 1, 60, 80, 0), (2, 1, 64, 80, 1), (5, 14, 62, 80, 0), (27, 1, 60, 80, 0)]
    song = Song(make_notes(rows), (Meter(2, 4),) * 4, config.parts, config.grid)
    found = count_rows(songs_to_store([song]))
    assert found.tolist() == [3, 1, 1, 2]
    assert len(find_rows(songs_to_batch([song], config)).step) == found.sum()


def test_a_window_longer_than_a_batch_is_a_batch_of_its_own(
    store: MeasureStore, config: MeasureVAEConfig
) -> None:
    plan = PLAIN._replace(rows=1)
    assert {batch.layout.windows for batch in every_batch(WindowBatches(store, EVERY, config, plan))} == {1}


def same(one: MeasureBatch, other: MeasureBatch) -> bool:
    return len(one.notes.step) == len(other.notes.step) and all(
        torch.equal(mine, yours) for mine, yours in zip(one.notes, other.notes, strict=True)
    )


def test_a_step_is_the_same_batch_whatever_came_before(store: MeasureStore, config: MeasureVAEConfig) -> None:
    plan = WindowConfig(measures=8, rows=25)
    first, again = (WindowBatches(store, EVERY, config, plan) for _ in range(2))
    expected = [first.at(step) for step in range(30)]
    assert all(same(again.at(step), expected[step]) for step in (29, 3, 17, 0))


def test_another_seed_and_another_epoch_are_other_batches(
    store: MeasureStore, config: MeasureVAEConfig
) -> None:
    one, other = (WindowBatches(store, EVERY, config, PLAIN._replace(seed=seed)) for seed in (0, 1))
    assert not all(same(one.at(step), other.at(step)) for step in range(len(one)))
    assert not all(same(one.at(step), one.at(step + len(one))) for step in range(len(one)))


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_share_an_epoch_without_overlap(
    store: MeasureStore, config: MeasureVAEConfig, processes: int
) -> None:
    shares = [
        WindowBatches(store, EVERY, config, PLAIN._replace(rows=8), share=(rank, processes))
        for rank in range(processes)
    ]
    assert len({len(share) for share in shares}) == 1
    seen = Counter(m for share in shares for batch in every_batch(share) for m in measures_of(batch))
    assert max(seen.values()) == 1
    assert sum(seen.values()) > 0.8 * sum(LENGTHS)


def test_windows_are_moved_to_every_key_and_drums_stay(store: MeasureStore, config: MeasureVAEConfig) -> None:
    batches = WindowBatches(store, np.array([2]), config, WindowConfig(measures=8, rows=8))
    shifts = set()
    for step in range(200):
        layout, notes = batches.at(step)
        drums = notes.symbol >= 256 + 128
        assert set(notes.symbol[drums].tolist()) == {256 + 128 + 36 + 2}
        window = notes.measure // layout.measures
        for index in range(layout.windows):
            moved = {symbol % 128 - 62 for symbol in notes.symbol[(window == index) & ~drums].tolist()}
            assert len(moved) == 1  # of all notes alike
            shifts |= moved
    low, high = TRANSPOSITION
    assert shifts == set(range(low, high + 1))


def test_a_window_that_would_leave_the_range_of_midi_stays(config: MeasureVAEConfig) -> None:
    rows = [(0, 4, 127, 80, 0), (0, 4, 115, 80, 0), (4, 4, 3, 80, 0)]
    wide = songs_to_store([Song(make_notes(rows), (Meter(2, 4),), config.parts, config.grid)])
    batches = WindowBatches(wide, np.array([0]), config, WindowConfig())
    chords = {tuple((batches.at(step).notes.symbol - 256).tolist()) for step in range(100)}
    assert chords == {tuple(sorted((115 + shift, 127 + shift))) + (3 + shift,) for shift in (-3, -2, -1, 0)}


# ---- what a window is told of its song


G_MAJOR, A_MINOR = 8, 13 + 9


@pytest.fixture(scope="module")
def told(config: MeasureVAEConfig) -> MeasureStore:
    """Return a jig in G major, a reel in A minor and a song of drums, of 8 measures each."""
    of_g, of_a = (67, 71, 74, 79, 74, 71, 67, 62), (69, 72, 76, 72, 69, 64, 68, 69)
    melodies = [[(4 * n, 4, pitch, 80, 0) for n, pitch in enumerate(tune * 2)] for tune in (of_g, of_a)]
    drums = [(4 * n, 4, 36, 80, 1) for n in range(16)]
    songs = [
        Song(make_notes(rows), (Meter(2, 4),) * 8, config.parts, config.grid) for rows in (*melodies, drums)
    ]
    styles = np.array([1, 2, 0], np.int16)
    store = replace(songs_to_store(songs), style=styles, styles=("jig", "reel"))
    assert store.key.tolist() == [G_MAJOR, A_MINOR, 0]
    return store


def told_of(batches: WindowBatches, steps: int = 300) -> np.ndarray:
    """Return the key and style that each of many windows is told, and its first note, shape (windows, 3)."""
    rows: list[tuple[int, int, int]] = []
    for step in range(steps):
        layout, notes = batches.at(step)
        key, style = (x.view(layout.windows, -1) for x in (layout.key, layout.style))
        assert (key == key[:, :1]).all()
        assert (style == style[:, :1]).all()
        opening = range(0, len(layout.place), layout.measures)
        first = [int(notes.symbol[notes.measure == measure][0]) % 128 for measure in opening]
        rows += zip(key[:, 0].tolist(), style[:, 0].tolist(), first, strict=True)
    return np.array(rows)


def test_a_window_is_told_the_key_and_style_of_its_song(config: MeasureVAEConfig, told: MeasureStore) -> None:
    every = WindowBatches(told, np.arange(3), config, PLAIN._replace(forget=0))
    assert {tuple(row) for row in told_of(every, 10).tolist()} == {
        (G_MAJOR, 1, 67),
        (A_MINOR, 2, 69),
        (0, 0, 36),
    }


def test_a_window_that_is_moved_is_told_the_key_it_is_moved_to(
    config: MeasureVAEConfig, told: MeasureStore
) -> None:
    plan = WindowConfig(measures=8, rows=25, forget=0)
    for song, (name, low) in enumerate((("major", 1), ("minor", 13), ("none", 0))):
        rows = told_of(WindowBatches(told, np.array([song]), config, plan))
        key, first = rows[:, 0], rows[:, 2]
        expected = low + first % 12 if name != "none" else 0  # both tunes begin on their tonic
        assert (key == expected).all()
        assert len(set(key.tolist())) == (12 if name != "none" else 1)


def test_a_window_that_cannot_be_moved_is_told_its_own_key(config: MeasureVAEConfig) -> None:
    rows = [(0, 8, 127, 80, 0), (0, 8, 103, 80, 0), (0, 8, 2, 80, 0)]  # of pitch classes G, G and D
    wide = songs_to_store([Song(make_notes(rows), (Meter(2, 4),), config.parts, config.grid)])
    rows_told = told_of(WindowBatches(wide, np.array([0]), config, WindowConfig(forget=0)), 100)
    shift = rows_told[:, 2] - 2
    assert wide.key[0] == G_MAJOR
    assert set(shift.tolist()) == {-2, -1, 0}
    assert (rows_told[:, 0] == G_MAJOR + shift).all()


def test_keys_and_styles_are_forgotten_as_often_as_the_plan_says_each_by_itself(
    config: MeasureVAEConfig, told: MeasureStore
) -> None:
    plan = WindowConfig(measures=8, rows=25, forget=0.4)
    forgotten = told_of(WindowBatches(told, np.array([0, 1]), config, plan), 600)[:, :2] == 0
    assert forgotten.mean(0) == pytest.approx([0.4, 0.4], abs=0.06)
    assert forgotten.all(1).mean() == pytest.approx(0.16, abs=0.05)


def test_a_plan_may_forget_every_key_and_style(config: MeasureVAEConfig, told: MeasureStore) -> None:
    plan = WindowConfig(measures=8, rows=25, forget=1)
    assert not told_of(WindowBatches(told, np.arange(3), config, plan), 50)[:, :2].any()


def test_velocity_and_title_play_no_part(store: MeasureStore, config: MeasureVAEConfig) -> None:
    velocity = np.arange(6)[:, None] == 4
    columns = np.where(velocity, 127, store.columns).astype(np.int16)
    loud = replace(store, columns=columns, titles=("loud",) * store.songs)
    assert same(*(WindowBatches(each, EVERY, config, PLAIN).at(0) for each in (store, loud)))


@given(songs=st.integers(2, 200), seed=st.integers(0, 5))
def test_songs_are_dealt_out_once_each(songs: int, seed: int) -> None:
    parts = split_songs(songs, (0.8, 0.1, 0.1), seed)
    assert sorted(np.concatenate(parts).tolist()) == list(range(songs))
    assert [len(part) / songs for part in parts] == pytest.approx([0.8, 0.1, 0.1], abs=1 / songs)


def test_the_seed_decides_who_gets_which_song() -> None:
    first, again, other = (split_songs(50, (0.5, 0.5), seed)[0].tolist() for seed in (0, 0, 1))
    assert first == again != other
