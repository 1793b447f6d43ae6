"""A song, and measures that follow from it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from musicvae.compose.performance.script import Script, perform
from musicvae.compose.performance.splice import splice
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.measure_notes import split_measures
from musicvae.midi.songs.song import Meter, Song


def continue_song(
    model: MeasureVAE,
    song: Song,
    meters: tuple[Meter, ...],
    count: int,
    temperature: float,
    generator: torch.Generator,
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> list[Song]:
    """Return the song with new measures after its last one, in several ways.

    The song is heard note by note and copied; the decoder's state goes on from its end, however long it is.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    song : Song
        In the model's grid and parts.
    meters : tuple of Meter
        Of the new measures.
    count : int
        How many ways.
    temperature : float
    generator : torch.Generator
    on_progress : callable
        As in `perform`.
    """
    outline = SongOutline(song.meters + meters, find_key(song), parts=song.parts)
    script = Script(outline, np.ones(len(outline.meters)), given=split_measures(song))
    is_new = np.arange(len(outline.meters)) >= song.measures
    pieces = perform(model, [script] * count, temperature, generator, on_progress)
    return [splice(song, piece, is_new) for piece in pieces]
