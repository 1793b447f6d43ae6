"""What a training leaves beside its model: curves, and reconstructions to look at and to hear.

::

    curves.png             how the training went
    reconstructions.png    measures of songs that training did not see, above what the model made of them
    reconstructions.mid    the same to hear: each original, then its reconstruction, under markers

Importing this module imports matplotlib: do so only when there is something to draw.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from musicvae.compose.reconstruct import reconstruct
from musicvae.evaluate.curves import draw_curves
from musicvae.evaluate.pictures import draw_comparison
from musicvae.measures.config import MeasureVAEConfig
from musicvae.measures.model import MeasureVAE
from musicvae.measures.store import MeasureStore, store_to_song
from musicvae.midi.provenance import Provenance
from musicvae.midi.song import Song, Tempo, join_songs
from musicvae.midi.writer import write_song

CURVES, PICTURE, MUSIC = "curves.png", "reconstructions.png", "reconstructions.mid"
SHOWN_SONGS, OPENING = 4, 16  # songs, measures
# The validation's loss adds up what the other panels show, and is not the loss of training.
_NOT_DRAWN = {"epoch", "minutes", "validation_loss"}


def store_to_openings(store: MeasureStore, indexes: Sequence[int], config: MeasureVAEConfig) -> list[Song]:
    """Return the first measures of songs of a store, in a model's grid and parts, at its tempo."""
    songs = (store_to_song(store, index, config.parts, config.grid) for index in indexes)
    return [replace(song.opening(OPENING), tempi=(Tempo(0, config.bpm),)) for song in songs]


def write_curves(history: Mapping[str, Sequence[float]], folder: Path) -> None:
    """Draw the curves of a training, given the columns of its log.

    Raises
    ------
    OutputError
        If the picture cannot be written.
    """
    columns = {
        name: values
        for name, values in history.items()
        if name not in _NOT_DRAWN and any(map(math.isfinite, values))
    }
    draw_curves(columns, folder / CURVES, overwrite=True)


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
