"""Songs -> codes, and codes -> songs: the two halves of the model, for songs of any length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from musicvae.core.precision import bf16_is_faster_here
from musicvae.core.threads import one_thread
from musicvae.measures.model import MeasureVAE
from musicvae.measures.note_network import Hints
from musicvae.measures.note_sampling import Draw
from musicvae.measures.song_batch import group_by_length, meters_to_layout, notes_to_songs, songs_to_batch
from musicvae.midi.song import Meter, Part, Song

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
    model: MeasureVAE,
    meters: Sequence[Sequence[Meter]],
    draw: Draw,
    codes: Sequence[Tensor] | None = None,
    parts: Sequence[Sequence[Part]] | None = None,
) -> list[Song]:
    """Return songs written measure after measure, each measure from its code if there are codes.

    Parameters
    ----------
    model : MeasureVAE
    meters : for each song, the meter of each of its measures
    draw : Draw
    codes : sequence of Tensor, optional
        For each song, shape (N, Z); left out, the decoder goes by what it has written alone.
    parts : optional
        For each song, the parts to write it for; those of the model if left out.
    """
    songs: list[Song | None] = [None] * len(meters)
    for chosen in group_by_length([len(song) for song in meters], MEASURES_AT_ONCE):
        layout = meters_to_layout([meters[index] for index in chosen], model.config, device_of(model))
        table = torch.zeros(layout.windows, layout.measures, model.config.latent, device=device_of(model))
        if codes is not None:
            for row, index in enumerate(chosen):
                table[row, : len(codes[index])] = codes[index]
        given = layout.exists if codes is not None else torch.zeros_like(layout.exists)
        with _pace(model, layout.windows):
            notes = model.decoder.sample(layout, Hints(table.flatten(0, 1), given), draw)
        chosen_parts = [parts[index] if parts else model.config.parts for index in chosen]
        written = notes_to_songs(
            notes, layout, [meters[index] for index in chosen], chosen_parts, model.config
        )
        for index, song in zip(chosen, written, strict=True):
            songs[index] = song
    return [song for song in songs if song is not None]


@contextmanager
def _pace(model: MeasureVAE, songs: int) -> Iterator[None]:
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
