"""What a training leaves beside its model: its scores on a card, curves, reconstructions to see and to hear.

::

    README.md              the model's card
    scores.json            its scores, for programs
    curves.png             how the training went
    reconstructions.png    measures of songs that training did not see, above what the model made of them
    reconstructions.mid    the same to hear: each original, then its reconstruction, under markers

Importing this module imports matplotlib: do so only when there is something to draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from musicvae.core.model_store.model_folder import load_model, save_card
from musicvae.core.training.fit import Outcome
from musicvae.core.training.threads import one_thread
from musicvae.evaluate.drawing.curves import write_curves
from musicvae.evaluate.drawing.song_figures import draw_comparison
from musicvae.evaluate.music.model_card import Learned, make_card
from musicvae.evaluate.music.reconstruction import Evaluation, evaluate
from musicvae.evaluate.training import Training
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import MeasureStore, store_to_song
from musicvae.measures.folder.model_worth import save_model_worth
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.preparing.prepared import Prepared
from musicvae.measures.training import TrainingSetup, split
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.joining import join_songs
from musicvae.midi.songs.song import Song, Tempo
from musicvae.provenance import Provenance

PICTURE, MUSIC = "reconstructions.png", "reconstructions.mid"
SCORED_SONGS, SHOWN_SONGS = 24, 4
# Measures of an opening. What scoring takes grows with them, hardly with the songs, which are said back side
# by side, and with the seats: after trainings of fewer minutes than `LONG`, and of more than a `SMALL_BAND`,
# openings are half as long.
OPENING, SHORT_OPENING, LONG, SMALL_BAND = 16, 8, 5, 4


def write_results(
    training: Training[Prepared, TrainingSetup],
    outcome: Outcome,
    history: Mapping[str, Sequence[float]],
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> Evaluation | None:
    """Write everything, and return how the best model does on songs that training did not see.

    None if there is no model yet: then there are only curves. It is scored on the first 16 measures of at
    most 24 songs; after a training of less than five minutes on the first 8.

    Parameters
    ----------
    training : Training
    outcome : Outcome
    history : mapping
        Of the curves.
    on_progress : callable
        Told the measures scored so far and in all; those of songs said back side by side count once.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    if any(history.values()):
        write_curves(history, training.folder)
    if not outcome.has_model:
        return None
    store = training.data.store
    with one_thread():
        model = load_model(training.folder, MUSIC_MODELS)
        songs = store_to_openings(
            store, _unseen(training), model.config, _measures_of_openings(training, model.config)
        )
        copies: dict[int, Song] = {}
        scores = evaluate(model, songs, on_progress=on_progress, on_copy=copies.__setitem__)
    shown = range(0, len(songs), -(-len(songs) // SHOWN_SONGS))  # from all over them
    pairs = [(songs[number], copies[number]) for number in shown]
    write_reconstructions(pairs, training.folder, training.provenance)
    learned = Learned(store.songs, store.measures, scores)
    minutes = outcome.state.seconds / 60
    save_model_worth(scores._asdict(), training.provenance.command, minutes, training.folder)
    save_card(training.folder, make_card(model.config, training.provenance, outcome.state, learned))
    return scores


def _unseen(training: Training[Prepared, TrainingSetup]) -> list[int]:
    """Return some songs, from all over the store, that training did not see."""
    unseen: list[int] = split(training.data.store, training.setup).validation.tolist()
    return unseen[:: -(-len(unseen) // SCORED_SONGS)]


def _measures_of_openings(training: Training[Prepared, TrainingSetup], config: MeasureVAEConfig) -> int:
    """Return how many measures of each song are scored: fewer after little time, and of larger bands."""
    minutes = training.setup.fit.minutes
    is_short = config.codes_a_measure > SMALL_BAND or (minutes is not None and minutes < LONG)
    return SHORT_OPENING if is_short else OPENING


def store_to_openings(
    store: MeasureStore, indexes: Sequence[int], config: MeasureVAEConfig, measures: int = OPENING
) -> list[Song]:
    """Return the first measures of songs of a store, in a model's grid and parts, at its tempo."""
    songs = (store_to_song(store, index, config.parts, config.grid) for index in indexes)
    return [replace(song.opening(measures), tempi=(Tempo(0, config.bpm),)) for song in songs]


def write_reconstructions(
    pairs: Sequence[tuple[Song, Song]], folder: Path, provenance: Provenance | None = None
) -> None:
    """Write songs and what a model makes of them, as a picture and as music.

    Parameters
    ----------
    pairs : sequence of tuple of Song
        One or more songs, each with what the model made of it.
    folder : Path
    provenance : Provenance, optional

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    originals, copies = ([pair[side] for pair in pairs] for side in (0, 1))
    draw_comparison(originals, copies, folder / PICTURE, overwrite=True)
    in_turn = [replace(song, markers=()) for pair in pairs for song in pair]
    titles = [
        title
        for number, song in enumerate(originals, start=1)
        for title in (f"original: {song.title or f'song {number}'}", "reconstruction")
    ]
    joined = replace(join_songs(in_turn, titles), title="Originals and their reconstructions")
    write_song(joined, folder / MUSIC, provenance, overwrite=True)
