"""The songs that a model was trained on, as a tune index in its folder: `tunes.safetensors`.

From it whatever the model writes can be compared with what it learned from, without the songs.
The file holds two pairs of columns (`midi.likeness.postings`) and, as JSON in its metadata, the titles.
Here and not in `midi/`, which knows no file format but those of music.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from musicvae.core.model_store.array_file import load_arrays, save_arrays
from musicvae.measures.data.store import MeasureStore, store_to_song
from musicvae.midi.likeness.postings import Postings
from musicvae.midi.likeness.tune_index import TuneIndex, index_tunes
from musicvae.midi.songs.song import Grid, Part

TUNES, FORMAT = "tunes.safetensors", 1
_HASHES = {"ngrams": np.uint32, "windows": np.uint64}


def build_tune_index(store: MeasureStore, songs: np.ndarray, parts: Sequence[Part], grid: Grid) -> TuneIndex:
    """Return the index of some songs of a store."""
    return index_tunes(store_to_song(store, index, parts, grid) for index in songs.tolist())


def save_tune_index(index: TuneIndex, folder: Path) -> None:
    """Write a tune index into a model folder. Inverse of `load_tune_index`."""
    arrays = {}
    for name in _HASHES:
        postings: Postings = getattr(index, name)
        arrays[name], arrays[f"{name}_songs"] = postings.hashes, postings.owners
    about = {"format": FORMAT, "measures": index.measures, "titles": index.titles}
    save_arrays(folder / TUNES, arrays, about)


def load_tune_index(folder: Path) -> TuneIndex | None:
    """Return the tune index of a model folder, or None if it has none, as older models.

    Raises
    ------
    ModelError
        If the file is damaged, or of a newer format.
    """
    return load_arrays(folder / TUNES, FORMAT, _index)


def _index(about: dict[str, Any], arrays: dict[str, np.ndarray]) -> TuneIndex:
    """Return the index that a file holds, its numbers checked: the file may be anybody's."""
    titles, measures = tuple(about["titles"]), about["measures"]
    if not isinstance(measures, int) or not all(isinstance(title, str) for title in titles):
        raise TypeError("titles are texts and measures a number")
    postings = {}
    for name, dtype in _HASHES.items():
        hashes, owners = arrays[name], arrays[f"{name}_songs"]
        if hashes.dtype != dtype or owners.dtype.kind != "u":
            raise TypeError(f"{name} are {hashes.dtype} of {owners.dtype}")
        postings[name] = Postings(hashes, owners, len(titles))
    return TuneIndex(titles, **postings, measures=measures)
