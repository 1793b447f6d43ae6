from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.errors import TrainingError
from musicvae.measures.data.store import (
    MeasureStore,
    merge_stores,
    open_store,
    save_store,
    songs_to_store,
    store_to_song,
)
from musicvae.midi.songs.key import key_name
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Marker, Meter, Part, Song, Tempo

PARTS = (Part("melody"),)
WALTZ, MARCH = Meter(3, 4), Meter(2, 4)


def tune(*meters: Meter, notes: list[tuple[int, int, int]], title: str = "") -> Song:
    rows = make_notes((start, length, pitch, 90, 0) for start, length, pitch in notes)
    return Song(rows, meters, PARTS, Grid(4), title=title)


FIRST = tune(
    WALTZ, MARCH, notes=[(0, 4, 60), (10, 4, 62)], title="Über"
)  # the second note crosses the barline
SILENT = tune(MARCH, notes=[])
LAST = tune(MARCH, MARCH, notes=[(8, 8, 72)], title="c")


def with_styles(store: MeasureStore, style: list[int], styles: tuple[str, ...]) -> MeasureStore:
    return replace(store, style=np.array(style, np.int16), styles=styles)


def assert_same(one: MeasureStore, other: MeasureStore) -> None:
    for name in ("columns", "note_offsets", "song_offsets", "meter", "key", "style"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert getattr(one, name).dtype == getattr(other, name).dtype
    assert (one.titles, one.styles) == (other.titles, other.styles)


def test_a_store_counts_songs_measures_and_the_notes_of_each_measure() -> None:
    store = songs_to_store([FIRST, SILENT, LAST])
    assert (store.songs, store.measures, store.notes) == (3, 5, 4)
    assert store.song_offsets.tolist() == [0, 2, 3, 5]
    assert store.note_offsets.tolist() == [0, 2, 3, 3, 3, 4]
    assert store.columns.T.tolist() == [
        [0, 4, 60, 0, 90, 0],
        [10, 2, 62, 0, 90, 0],
        [0, 2, 62, 0, 90, 1],
        [0, 8, 72, 0, 90, 0],
    ]
    assert store.measure_steps(Grid(4)).tolist() == [12, 8, 8, 8, 8]


def test_meters_come_with_their_shares_commonest_first() -> None:
    assert songs_to_store([FIRST, SILENT, LAST]).meters() == {"2/4": 0.8, "3/4": 0.2}


def test_a_song_has_the_key_that_its_notes_suggest() -> None:
    scale = tune(
        MARCH, MARCH, notes=[(step, 1, 67 + up) for step, up in enumerate((0, 2, 4, 5, 7, 9, 11, 12, 0))]
    )
    store = songs_to_store([scale, SILENT])
    assert [key_name(key) for key in store.key] == ["G major", ""]


def test_songs_have_no_styles_before_they_are_named() -> None:
    store = songs_to_store([FIRST, LAST])
    assert (store.style.tolist(), store.styles) == ([0, 0], ())


def test_styles_are_told_by_their_shares_commonest_first() -> None:
    store = with_styles(songs_to_store([FIRST, SILENT, LAST, LAST]), [2, 0, 2, 1], ("air", "reel"))
    assert store.style_shares() == {"reel": 0.5, "air": 0.25}
    assert list(store.style_shares()) == ["reel", "air"]
    assert songs_to_store([FIRST]).style_shares() == {}


@given(data=st.data())
@settings(max_examples=50)
def test_songs_survive_a_round_trip_through_a_store(
    songs_for_config: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    songs = data.draw(st.lists(songs_for_config, min_size=1, max_size=4))
    store = songs_to_store(songs)
    assert [store_to_song(store, index, song.parts, song.grid) for index, song in enumerate(songs)] == songs


def test_tempi_and_markers_are_not_kept() -> None:
    song = replace(FIRST, tempi=(Tempo(0, 90.0),), markers=(Marker(0, "A"),))
    again = store_to_song(songs_to_store([song]), 0, PARTS, Grid(4))
    assert again == FIRST


def test_the_notes_of_any_measures_are_found() -> None:
    columns, owner = songs_to_store([FIRST, SILENT, LAST]).notes_of(np.array([4, 2, 0]))
    assert columns[2].tolist() == [72, 60, 62]
    assert owner.tolist() == [0, 2, 2]


@pytest.mark.parametrize("songs", [[FIRST, SILENT, LAST], [SILENT], []])
def test_a_store_survives_a_round_trip_through_its_file(tmp_path: Path, songs: list[Song]) -> None:
    style = [number % 3 for number, _ in enumerate(songs)]
    store, path = (
        with_styles(songs_to_store(songs), style, ("air", "Märsche")),
        tmp_path / "measures.safetensors",
    )
    save_store(store, path)
    assert_same(open_store(path), store)


def test_an_open_store_is_mapped_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "measures.safetensors"
    save_store(songs_to_store([FIRST, LAST]), path)
    store = open_store(path)
    assert isinstance(store.columns, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        store.columns[0, 0] = 1


def test_merged_stores_hold_the_songs_in_order(tmp_path: Path) -> None:
    path = tmp_path / "last.safetensors"
    save_store(songs_to_store([LAST]), path)
    merged = merge_stores([songs_to_store([FIRST, SILENT]), songs_to_store([]), open_store(path)])
    assert_same(merged, songs_to_store([FIRST, SILENT, LAST]))


def test_nothing_merged_is_an_empty_store() -> None:
    assert_same(merge_stores([]), songs_to_store([]))


@pytest.mark.parametrize(
    "data",
    [b"", b"garbage!garbage!", b"\xff" * 16, b"\x02" + b"\0" * 7 + b"{}", b"\x02" + b"\0" * 7 + b"[]"],
)
def test_a_file_that_is_no_store_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "measures.safetensors"
    path.write_bytes(data)
    with pytest.raises(TrainingError, match="are damaged: delete that file and train again"):
        open_store(path)


@pytest.mark.parametrize("size", [7, 100, -1])
def test_a_store_that_is_cut_off_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "measures.safetensors"
    save_store(songs_to_store([FIRST, LAST]), path)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(TrainingError, match="are damaged"):
        open_store(path)


def test_a_store_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="are damaged"):
        open_store(tmp_path / "none")
