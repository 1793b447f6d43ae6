"""Variations: a song's codes, each measure as free of its own as the amount says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from musicvae.compose.performance.script import Script, perform
from musicvae.measures.data.noisy_codes import noise_to_freedom
from musicvae.measures.data.song_batch import outline_song
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_songs
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.song import Song


def vary(
    model: MeasureVAE,
    song: Song,
    amount: float,
    count: int,
    temperature: float,
    generator: torch.Generator,
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> list[Song]:
    """Return variations of a song.

    Parameters
    ----------
    model : MeasureVAE
    song : Song
        In the model's grid and parts. Tempi, parts, title and markers are kept.
    amount : float
        The share of each code's variance that is noise: 0 gives the reconstruction, 1 a new piece in the
        song's meters.
    count : int
    temperature : float
    generator : torch.Generator
    on_progress : callable
        As in `perform`.

    Raises
    ------
    ValueError
        If the amount lies outside 0 to 1.
    """
    script = variation(song, encode_songs(model, [song])[0], amount)
    return [
        replace(piece, tempi=song.tempi, parts=song.parts, title=song.title, markers=song.markers)
        for piece in perform(model, [script] * count, temperature, generator, on_progress)
    ]


def variation(song: Song, codes: Tensor, amount: float) -> Script:
    """Return the script of a variation of a song, given the codes of its measures, shape (N, Z).

    Raises
    ------
    ValueError
        If the amount lies outside 0 to 1.
    """
    if not 0 <= amount <= 1:
        raise ValueError(f"the amount must lie between 0 (the song itself) and 1 (a new piece), got {amount}")
    outline = outline_song(song, find_key(song) if amount else 0)
    return Script(outline, np.full(song.measures, noise_to_freedom(amount)), codes, closely=True)
