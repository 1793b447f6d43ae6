"""What a training leaves beside its model: its scores on a card, curves, reconstructions to see and to hear.

::

    README.md              the model's card
    curves.png             how the training went
    reconstructions.png    measures of songs that training did not see, above what the model made of them
    reconstructions.mid    the same to hear: each original, then its reconstruction, under markers

Importing this module imports matplotlib: do so only when there is something to draw.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from musicvae.compose.performance.reconstruct import reconstruct
from musicvae.core.model_store.model_folder import load_model, save_card
from musicvae.core.training.fit import Outcome
from musicvae.core.training.threads import one_thread
from musicvae.evaluate.drawing.curves import write_curves
from musicvae.evaluate.drawing.song_figures import draw_comparison
from musicvae.evaluate.music.model_card import CardFacts, make_card
from musicvae.evaluate.music.reconstruction import Evaluation, evaluate
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.prepared import Prepared
from musicvae.measures.data.store import MeasureStore, store_to_song
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.training import Split, TrainingSetup, split
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.joining import join_songs
from musicvae.midi.songs.song import Song, Tempo
from musicvae.provenance import Provenance

PICTURE, MUSIC = "reconstructions.png", "reconstructions.mid"
SCORED_SONGS, SHOWN_SONGS = 24, 4
OPENING = 16  # measures


@dataclass(frozen=True)
class Trained:
    """A training that has ended.

    Parameters
    ----------
    prepared : Prepared
    setup : TrainingSetup
    folder : Path
        The model folder.
    outcome : Outcome
    history : mapping of str to sequence of float
        The columns of its log: see `TrainingLog.history`.
    songs : Split, optional
        As `train` was given it.
    """

    prepared: Prepared
    setup: TrainingSetup
    folder: Path
    outcome: Outcome
    history: Mapping[str, Sequence[float]]
    songs: Split | None = None

    @property
    def has_model(self) -> bool:
        """Whether it came to a first validation: before it there is no model."""
        return math.isfinite(self.outcome.state.best)


def write_results(trained: Trained, provenance: Provenance) -> Evaluation | None:
    """Write everything, and return how the best model does on songs that training did not see.

    None if there is no model yet: then there are only curves.

    Parameters
    ----------
    trained : Trained
    provenance : Provenance
        Of what is written.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    if any(trained.history.values()):
        write_curves(trained.history, trained.folder)
    if not trained.has_model:
        return None
    with one_thread():
        model = load_model(trained.folder, MUSIC_MODELS)
        songs = store_to_openings(trained.prepared.store, _unseen(trained), model.config)
        write_reconstructions(model, songs, trained.folder, provenance)
        scores = evaluate(model, songs)
    save_card(trained.folder, make_card(model.config, provenance, _facts(trained, scores)))
    return scores


def _unseen(trained: Trained) -> list[int]:
    """Return some songs, from all over the store, that training did not see."""
    unseen: list[int] = (trained.songs or split(trained.prepared.store, trained.setup)).validation.tolist()
    return unseen[:: -(-len(unseen) // SCORED_SONGS)]


def _facts(trained: Trained, scores: Evaluation) -> CardFacts:
    store, state = trained.prepared.store, trained.outcome.state
    return CardFacts(store.songs, store.measures, state.step, state.seconds / 60, scores)


def store_to_openings(store: MeasureStore, indexes: Sequence[int], config: MeasureVAEConfig) -> list[Song]:
    """Return the first measures of songs of a store, in a model's grid and parts, at its tempo."""
    songs = (store_to_song(store, index, config.parts, config.grid) for index in indexes)
    return [replace(song.opening(OPENING), tempi=(Tempo(0, config.bpm),)) for song in songs]


def write_reconstructions(
    model: MeasureVAE, songs: Sequence[Song], folder: Path, provenance: Provenance | None = None
) -> None:
    """Write some songs and what the model makes of them, as a picture and as music.

    Parameters
    ----------
    model : MeasureVAE
    songs : sequence of Song
        In the model's grid and parts, one or more; a few from all over them are taken.
    folder : Path
    provenance : Provenance, optional

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    originals = songs[:: -(-len(songs) // SHOWN_SONGS)]
    copies = reconstruct(model, originals)
    draw_comparison(originals, copies, folder / PICTURE, overwrite=True)
    pairs = zip(originals, copies, strict=True)
    in_turn = [replace(song, markers=()) for pair in pairs for song in pair]
    titles = [
        title
        for number, song in enumerate(originals, start=1)
        for title in (f"original: {song.title or f'song {number}'}", "reconstruction")
    ]
    joined = replace(join_songs(in_turn, titles), title="Originals and their reconstructions")
    write_song(joined, folder / MUSIC, provenance, overwrite=True)
