"""The songs that a model was trained on, as a tune index in its folder: `tunes.safetensors`.

From it whatever the model writes can be compared with what it learned from, without the songs.
The file holds two pairs of columns (`midi.likeness.postings`) and, as JSON in its metadata, the titles.
Here and not in `midi/`, which knows no file format but those of music.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from musicvae.core.model_store.model_files import TUNES
from musicvae.errors import ModelError
from musicvae.measures.data.store import MeasureStore, store_to_song
from musicvae.midi.likeness.postings import Postings
from musicvae.midi.likeness.tune_index import TuneIndex, index_tunes
from musicvae.midi.songs.song import Grid, Part
from musicvae.outputs import new_file

FORMAT = 1
_HASHES = {"ngrams": np.uint32, "windows": np.uint64}
_ABOUT = "about"  # one entry: several would be written in an order that changes from run to run


def build_tune_index(store: MeasureStore, songs: np.ndarray, parts: Sequence[Part], grid: Grid) -> TuneIndex:
    """Return the index of some songs of a store.

    Parameters
    ----------
    store : MeasureStore
    songs : np.ndarray of int
        Which songs.
    parts : sequence of Part
    grid : Grid
    """
    return index_tunes(store_to_song(store, index, parts, grid) for index in songs.tolist())


def save_tune_index(index: TuneIndex, folder: Path) -> None:
    """Write a tune index into a model folder. Inverse of `load_tune_index`."""
    arrays = {}
    for name in _HASHES:
        postings: Postings = getattr(index, name)
        arrays[name], arrays[f"{name}_songs"] = postings.hashes, postings.owners
    about = json.dumps({"format": FORMAT, "measures": index.measures, "titles": index.titles})
    with new_file(folder / TUNES) as temporary:
        temporary.write_bytes(save(arrays, metadata={_ABOUT: about}))


def load_tune_index(folder: Path) -> TuneIndex | None:
    """Return the tune index of a model folder, or None if it has none, as older models.

    Raises
    ------
    ModelError
        If the file is damaged, or of a newer format.
    """
    path = folder / TUNES
    if not path.exists():
        return None
    try:
        with safe_open(path, "numpy") as file:
            about = json.loads(file.metadata()[_ABOUT])
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no dict)
        if about["format"] == FORMAT:
            return _index(about, arrays)
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"{path} is damaged: copy the folder anew, or train again") from error
    raise ModelError(f"{path} was written in another format than {FORMAT}: update musicvae, or train again")


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
