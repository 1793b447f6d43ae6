"""Songs -> codes, and codes -> songs: the two halves of the model, for songs of any length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from musicvae.core.categorical import Draw
from musicvae.core.training.precision import bf16_is_faster_here
from musicvae.core.training.threads import one_thread
from musicvae.measures.data.batch import lay_out
from musicvae.measures.data.song_batch import (
    SongOutline,
    group_by_length,
    notes_to_songs,
    outline_to_window,
    songs_to_batch,
)
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.noisy_codes import absent, exact
from musicvae.measures.network.roll_decoder import RollDecoder
from musicvae.measures.writing.writing import Writing
from musicvae.midi.songs.song import Song

# Songs are taken together up to this many measures, padding included: it bounds the memory.
MEASURES_AT_ONCE = 2048
MANY_SONGS = 64


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


@torch.inference_mode()
def write_songs(
    model: MeasureVAE, outlines: Sequence[SongOutline], draw: Draw, codes: Sequence[Tensor] | None = None
) -> list[Song]:
    """Return songs written measure after measure, each measure from its code if there are codes.

    Parameters
    ----------
    model : MeasureVAE
    outlines : sequence of SongOutline
        One for each song.
    draw : Draw
    codes : sequence of Tensor, optional
        For each song, shape (N, Z); left out, the decoder goes by what it has written alone.
    """
    songs: list[Song | None] = [None] * len(outlines)
    for chosen in group_by_length([len(outline.meters) for outline in outlines], MEASURES_AT_ONCE):
        some = [outlines[index] for index in chosen]
        measures = max(len(outline.meters) for outline in some)
        table = torch.zeros(len(some), measures, model.config.latent, device=device_of(model))
        if codes is not None:
            for row, index in enumerate(chosen):
                table[row, : len(codes[index])] = codes[index]
        with pace(model, len(some)):
            written = _write_group(model, some, table, draw.of(torch.tensor(chosen)), free=codes is None)
        for index, song in zip(chosen, written, strict=True):
            songs[index] = song
    return [song for song in songs if song is not None]


def _write_group(
    model: MeasureVAE, outlines: Sequence[SongOutline], table: Tensor, draw: Draw, free: bool
) -> list[Song]:
    """Write songs side by side; the codes are a table (songs, N, Z)."""
    tell = absent if free else exact
    if isinstance(model.decoder, RollDecoder):
        layout = lay_out([outline_to_window(outline, model.config) for outline in outlines], table.device)
        notes = model.decoder.sample(layout, tell(table.flatten(0, 1)), draw)
        return notes_to_songs(notes, layout, outlines, model.config)
    writing = Writing(model, outlines)
    for measure in range(table.shape[1]):
        writing.write(tell(table[:, measure]), draw)
    return writing.songs()


@contextmanager
def pace(model: MeasureVAE, songs: int) -> Iterator[None]:
    """Set threads and precision for writing this many songs at once.

    Many: in bf16, where that is faster. Few: by one thread.
    """
    if songs < MANY_SONGS:
        with one_thread():
            yield
        return
    in_half = device_of(model).type == "cpu" and bf16_is_faster_here()
    with torch.autocast("cpu", torch.bfloat16, enabled=in_half):
        yield
