from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from musicvae.errors import ModelError
from musicvae.measures.data.store import songs_to_store
from musicvae.measures.folder.training_tunes import TUNES, build_tune_index, load_tune_index, save_tune_index
from musicvae.midi.likeness.tune_index import TuneIndex, index_tunes
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PARTS = (Part("melody"),)


def tune(title: str, seed: int) -> Song:
    """Return ten measures of four notes, drawn by the seed."""
    pitches = np.random.default_rng(seed).integers(60, 80, 40).tolist()
    notes = make_notes((4 * index, 4, pitch, 80, 0) for index, pitch in enumerate(pitches))
    return Song(notes, (Meter(),) * 10, PARTS, Grid(4), title=title)


REEL, JIG, AIR = tune("Reel", 1), tune("Der Jäger", 2), tune("", 3)
INDEX = index_tunes([REEL, JIG, AIR])


def assert_same(one: TuneIndex, other: TuneIndex) -> None:
    assert (one.titles, one.measures) == (other.titles, other.measures)
    for mine, theirs in ((one.ngrams, other.ngrams), (one.windows, other.windows)):
        assert mine.hashes.dtype == theirs.hashes.dtype
        assert np.array_equal(mine.hashes, theirs.hashes)
        assert np.array_equal(mine.owners, theirs.owners)


def test_the_index_of_a_store_holds_the_songs_chosen() -> None:
    store = songs_to_store([REEL, JIG, AIR])
    assert_same(build_tune_index(store, np.array([0, 2]), PARTS, Grid(4)), index_tunes([REEL, AIR]))


@pytest.mark.parametrize("index", [INDEX, index_tunes([]), index_tunes([JIG], measures=4)])
def test_an_index_survives_a_round_trip_through_a_model_folder(tmp_path: Path, index: TuneIndex) -> None:
    save_tune_index(index, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [TUNES]
    loaded = load_tune_index(tmp_path)
    assert loaded is not None
    assert_same(loaded, index)


def test_the_same_songs_give_the_same_bytes(tmp_path: Path) -> None:
    save_tune_index(INDEX, tmp_path)
    first = (tmp_path / TUNES).read_bytes()
    save_tune_index(index_tunes([REEL, JIG, AIR]), tmp_path)
    assert (tmp_path / TUNES).read_bytes() == first


def test_a_model_folder_without_an_index_has_none(tmp_path: Path) -> None:
    assert load_tune_index(tmp_path) is None


@pytest.mark.parametrize("size", [0, 7, 100, -1])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, size: int) -> None:
    save_tune_index(INDEX, tmp_path)
    path = tmp_path / TUNES
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ModelError, match=r"tunes\.safetensors is damaged: copy the folder anew, or train"):
        load_tune_index(tmp_path)


def rewrite(folder: Path, about: object, **changed: np.ndarray | None) -> None:
    """Write an index with another text about it, and some arrays changed or left out."""
    save_tune_index(INDEX, folder)
    arrays = load((folder / TUNES).read_bytes()) | changed
    kept = {name: array for name, array in arrays.items() if array is not None}
    (folder / TUNES).write_bytes(save(kept, metadata={"about": json.dumps(about)}))


ABOUT = {"format": 1, "measures": 8, "titles": ["a", "b", "c"]}


def test_a_rewritten_file_is_read(tmp_path: Path) -> None:
    rewrite(tmp_path, ABOUT)
    assert load_tune_index(tmp_path) is not None


@pytest.mark.parametrize(
    ("about", "changed"),
    [
        ([], {}),
        ({"format": 1, "measures": 8}, {}),
        (ABOUT | {"titles": ["a", "b"]}, {}),
        (ABOUT | {"titles": ["a", "b", 3]}, {}),
        (ABOUT | {"titles": 3}, {}),
        (ABOUT | {"measures": 0}, {}),
        (ABOUT | {"measures": "8"}, {}),
        (ABOUT, {"windows": None}),
        (ABOUT, {"windows": np.zeros(2, np.uint64)}),
        (ABOUT, {"ngrams": INDEX.ngrams.hashes.astype(np.float32)}),
        (ABOUT, {"ngrams": INDEX.ngrams.hashes[::-1].copy()}),
        (ABOUT, {"ngrams_songs": INDEX.ngrams.owners + np.uint8(1)}),
        (ABOUT, {"ngrams_songs": INDEX.ngrams.owners.astype(np.int8)}),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(
    tmp_path: Path, about: object, changed: dict[str, np.ndarray | None]
) -> None:
    rewrite(tmp_path, about, **changed)
    with pytest.raises(ModelError, match="is damaged"):
        load_tune_index(tmp_path)


def test_a_newer_file_asks_for_a_newer_program(tmp_path: Path) -> None:
    rewrite(tmp_path, ABOUT | {"format": 2})
    with pytest.raises(ModelError, match="another format than 1: update musicvae"):
        load_tune_index(tmp_path)
