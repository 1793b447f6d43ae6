"""Songs -> codes: the half of the model that listens, for songs of any length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

import torch
from torch import Tensor

from musicvae.core.gaussian import DiagonalGaussian
from musicvae.measures.data.song_batch import group_by_length, measures_to_batch
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.side_by_side import Writing
from musicvae.measures.writing.song_parts import SongPart, parts_to_batch, song_to_part
from musicvae.midi.songs.song import Song

# Measures are read together up to so many, padding included, and those of a song up to so many: it bounds the
# memory, however long songs are.
MEASURES_AT_ONCE, OF_A_SONG = 512, 16


@torch.inference_mode()
def encode_songs(model: MeasureVAE, songs: Sequence[Song]) -> list[Tensor]:
    """Return the codes of each song's measures, each of shape (N, Z): for a VAE the posterior means.

    Parameters
    ----------
    model : MeasureVAE
    songs : sequence of Song
        In the model's grid and parts.
    """
    parts = [part for song in songs for part in _cut(song_to_part(song, model))]
    codes: list[Tensor] = [torch.empty(0)] * len(parts)
    for chosen in group_by_length([part.measures for part in parts], MEASURES_AT_ONCE):
        batch = parts_to_batch([parts[index] for index in chosen], model)
        table = model.encode(batch).view(batch.layout.windows, batch.layout.measures, -1)
        for row, index in enumerate(chosen):
            codes[index] = table[row, : parts[index].measures].float()
    ends = accumulate((-(-song.measures // OF_A_SONG) for song in songs), initial=0)
    return [torch.cat(codes[first:after]) for first, after in pairwise(ends)]


def _cut(song: SongPart) -> Iterator[SongPart]:
    for first in range(0, song.measures, OF_A_SONG):
        yield song.cut(first, first + OF_A_SONG)


def encode_written(writing: Writing, songs: Sequence[int], measures: Sequence[int]) -> DiagonalGaussian:
    """Return what the encoder says of a measure of each of some songs that is already written."""
    pairs = list(zip(songs, measures, strict=True))
    windows = [writing.windows[song].cut(measure, measure + 1) for song, measure in pairs]
    notes = [[writing.by_measure[song][measure]] for song, measure in pairs]
    return writing.model.posterior(measures_to_batch(windows, notes, writing.model.config, writing.device))
