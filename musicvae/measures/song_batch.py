"""Songs <-> batches: the way of one song through the model, without a store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from musicvae.errors import SongError
from musicvae.measures.batch import Layout, MeasureBatch, Notes, Window, lay_notes, lay_out
from musicvae.measures.config import MeasureVAEConfig
from musicvae.midi.measure_notes import MEASURE_NOTE, measure_notes_to_song, song_to_measure_notes
from musicvae.midi.song import Meter, Part, Song


def meters_to_layout(
    meters: Sequence[Sequence[Meter]], config: MeasureVAEConfig, device: torch.device | str = "cpu"
) -> Layout:
    """Return the layout of whole songs, given the meter of each of their measures.

    Raises
    ------
    SongError
        If a measure is longer than the model's longest.
    """
    return lay_out([_window(song, config) for song in meters], device)


def _window(meters: Sequence[Meter], config: MeasureVAEConfig) -> Window:
    for meter in set(meters):
        if not config.can_read(meter):
            raise SongError(f"the model cannot read measures of {meter}: it knows {', '.join(config.meters)}")
    count = len(meters)
    return Window(
        steps=np.array([meter.steps(config.grid) for meter in meters]),
        meter=np.array([config.meter_index(meter) for meter in meters]),
        place=np.arange(count),
        left=np.arange(count)[::-1],
    )


def songs_to_batch(
    songs: Sequence[Song], config: MeasureVAEConfig, device: torch.device | str = "cpu"
) -> MeasureBatch:
    """Return whole songs, in the model's grid and parts, as a batch.

    Raises
    ------
    SongError
        If a measure is longer than the model's longest.
    """
    layout = meters_to_layout([song.meters for song in songs], config, device)
    cuts = [song_to_measure_notes(song) for song in songs]
    measure = [cut["measure"].astype(np.int64) + index * layout.measures for index, cut in enumerate(cuts)]
    return MeasureBatch(
        layout, lay_notes(layout, np.concatenate(measure), np.concatenate(cuts), config.alphabet)
    )


def group_by_length(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Yield the indexes of items in groups of like length, each of at most so much, padding included.

    An item longer than that is a group of its own.
    """
    group: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        if group and lengths[index] * (len(group) + 1) > most:
            yield group
            group = []
        group.append(index)
    if group:
        yield group


def notes_to_songs(
    notes: Notes,
    layout: Layout,
    meters: Sequence[Sequence[Meter]],
    parts: Sequence[Sequence[Part]],
    config: MeasureVAEConfig,
) -> list[Song]:
    """Return a batch's notes as songs. Inverse of `songs_to_batch`, but for velocities, tempi and titles.

    Parameters
    ----------
    notes, layout : Notes and Layout
    meters, parts : for each song
    config : MeasureVAEConfig
    """
    alphabet = config.alphabet
    symbol = notes.symbol.cpu().numpy()
    cut = np.zeros(len(symbol), MEASURE_NOTE)
    window, cut["measure"] = np.divmod(notes.measure.cpu().numpy(), layout.measures)
    cut["step"], cut["length"] = notes.step.cpu().numpy(), notes.length.cpu().numpy()
    cut["part"], cut["pitch"] = alphabet.part(symbol), alphabet.pitch(symbol)
    cut["held"] = symbol < alphabet.voices
    return [
        measure_notes_to_song(cut[window == index], song_meters, song_parts, config.grid)
        for index, (song_meters, song_parts) in enumerate(zip(meters, parts, strict=True))
    ]
