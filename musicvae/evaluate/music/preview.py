"""What a new model sounds like, beside it, so that whoever trained one hears at once what came of it.

::

    preview.mid    five new pieces, under markers
    walk.mid       from the opening of a song that it learned from to that of another
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from musicvae.compose.generate import generate
from musicvae.compose.interpolate import interpolate
from musicvae.compose.options import PathOptions, PieceOptions
from musicvae.core.model_store.model_folder import load_model
from musicvae.core.training.threads import one_thread
from musicvae.evaluate.music.training_results import store_to_openings
from musicvae.evaluate.training import Training
from musicvae.measures.data.store import MeasureStore
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.training_plans import load_plan_model
from musicvae.measures.folder.training_tunes import load_tune_index
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.preparing.prepared import Prepared
from musicvae.measures.training import TrainingSetup, split
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.joining import join_songs
from musicvae.midi.songs.song import Song

PREVIEW, WALK = "preview.mid", "walk.mid"
PIECES = PieceOptions(count=5)
WAY = PathOptions(steps=3, measures=8)

MusicTraining = Training[Prepared, TrainingSetup]


def write_preview(training: MusicTraining) -> tuple[Path, ...]:
    """Write pieces and a walk by the model that a training has left, and return their paths.

    None are written by a decoder that does not hear the song: it makes no pieces that hang together. A single
    song to learn from allows of no walk, and one that is silent is not written.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    with one_thread():
        model = load_model(training.folder, MUSIC_MODELS)
        if not model.decoder.hears_song:
            return ()
        return (*_write_pieces(model, training), *_write_walk(model, training))


def _write_pieces(model: MeasureVAE, training: MusicTraining) -> list[Path]:
    generator = torch.Generator().manual_seed(training.setup.fit.seed)
    songs = generate(model, PIECES, generator, load_plan_model(training.folder))
    titles = [f"piece {number}" for number in range(1, len(songs) + 1)]
    return [_write(songs, titles, training, PREVIEW)]


def _write_walk(model: MeasureVAE, training: MusicTraining) -> list[Path]:
    store = training.data.store
    ends = choose_ends(store, split(store, training.setup).train)
    if ends is None:
        return []
    a, b = store_to_openings(store, ends, model.config)
    way = interpolate(model, a, b, WAY)
    if not any(len(song.notes) for song in way.songs):
        return []
    titles = (a.title or "A", *way.titles[1:-1], b.title or "B")
    return [_write(way.songs, titles, training, WALK)]


def choose_ends(store: MeasureStore, songs: np.ndarray) -> tuple[int, int] | None:
    """Return two of some songs, in one meter if there are two such; None if there is but one."""
    if len(songs) < 2:
        return None
    first, *others = songs.tolist()
    begins = store.meter[store.song_offsets[:-1]].tolist()  # the first meter of each
    alike = [song for song in others if begins[song] == begins[first]] or others
    return first, alike[len(alike) // 2]


def _write(songs: Sequence[Song], titles: Sequence[str], training: MusicTraining, name: str) -> Path:
    """Write songs under markers, and say of each in the file which training song it is nearest to."""
    path, tunes = training.folder / name, load_tune_index(training.folder)
    nearest = tuple(map(tunes.nearest, songs)) if tunes else ()
    write_song(join_songs(songs, titles), path, replace(training.provenance, nearest=nearest), overwrite=True)
    return path
