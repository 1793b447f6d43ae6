"""Songs -> codes: the half of the model that listens, for songs of any length."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from musicvae.core.gaussian import DiagonalGaussian
from musicvae.measures.data.song_batch import group_by_length, measures_to_batch, songs_to_batch
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.side_by_side import Writing
from musicvae.midi.songs.song import Song

# Songs are taken together up to this many measures, padding included: it bounds the memory.
MEASURES_AT_ONCE = 2048


def device_of(model: MeasureVAE) -> torch.device:
    """Return where a model's weights are."""
    return next(model.parameters()).device


@torch.inference_mode()
def encode_songs(model: MeasureVAE, songs: Sequence[Song]) -> list[Tensor]:
    """Return the codes of each song's measures, each of shape (N, Z): for a VAE the posterior means.

    Parameters
    ----------
    model : MeasureVAE
    songs : sequence of Song
        In the model's grid and parts.
    """
    codes: list[Tensor | None] = [None] * len(songs)
    for chosen in group_by_length([song.measures for song in songs], MEASURES_AT_ONCE):
        batch = songs_to_batch([songs[index] for index in chosen], model.config, device_of(model))
        table = model.encode(batch).view(batch.layout.windows, batch.layout.measures, -1)
        for row, index in enumerate(chosen):
            codes[index] = table[row, : songs[index].measures].float()
    return [code for code in codes if code is not None]


def encode_written(writing: Writing, songs: Sequence[int], measures: Sequence[int]) -> DiagonalGaussian:
    """Return what the encoder says of a measure of each of some songs that is already written."""
    pairs = list(zip(songs, measures, strict=True))
    windows = [writing.windows[song].cut(measure, measure + 1) for song, measure in pairs]
    notes = [[writing.by_measure[song][measure]] for song, measure in pairs]
    return writing.model.posterior(measures_to_batch(windows, notes, writing.model.config, writing.device))
