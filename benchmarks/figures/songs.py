"""The songs that `corpora.py` prepared, split by the same seed everywhere."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np

from figures.script import make_parser
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import MeasureStore, open_store, store_to_song
from musicvae.measures.data.windows import split_songs
from musicvae.midi.songs.song import Song

# The corpus of music21 and the parts of each.
MUSIC = {"folk": ("folk", "melody"), "chorales": ("bach-chorales", "voices")}


class Uses(NamedTuple):
    """Songs of a store by what they are for."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def make_corpus_parser(about: str | None) -> argparse.ArgumentParser:
    """Return a parser of the arguments of a script on a corpus: which one, where it lies, by which seed."""
    parser = make_parser(about)
    parser.add_argument("corpus", choices=MUSIC)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--work", type=Path, default=Path("benchmarks/work"), help="where corpora and models lie"
    )
    return parser


def prepared_folder(arguments: argparse.Namespace) -> Path:
    """Return where the measures of the corpus lie."""
    return arguments.work / f"{arguments.corpus}-prepared"


def open_corpus(arguments: argparse.Namespace) -> MeasureStore:
    """Return the measures of the corpus."""
    return open_store(prepared_folder(arguments) / "measures.safetensors")


def split_by_use(store: MeasureStore, seed: int) -> Uses:
    """Return which songs are trained on, and which are not: 80/10/10."""
    return Uses(*split_songs(store.songs, (0.8, 0.1, 0.1), seed))


def take_songs(store: MeasureStore, indexes: np.ndarray, config: MeasureVAEConfig) -> list[Song]:
    """Return some songs in a model's grid and parts."""
    return [store_to_song(store, index, config.parts, config.grid) for index in indexes.tolist()]
