"""Songs <-> batches: the way of one song through the model, without a store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch

from musicvae.errors import SongError
from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import Layout, MeasureBatch, Notes, Window, lay_notes, lay_out
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.midi.arranging.seats import list_programs
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes, split_measures
from musicvae.midi.songs.song import Meter, Part, Song


class SongOutline(NamedTuple):
    """What is known of a song before a note of it is written.

    Parameters
    ----------
    meters : tuple of Meter
        One for each measure.
    key : int
        See `midi.songs.key`; 0: not told.
    style : int
        An index into the model's styles, from 1; 0: not told.
    parts : tuple of Part
        Who plays it; none: as usual with the model (`MusicConfig.usual_parts`).
    """

    meters: tuple[Meter, ...]
    key: int = 0
    style: int = 0
    parts: tuple[Part, ...] = ()


def outline_song(song: Song, key: int = 0, style: int = 0) -> SongOutline:
    """Return what is known of a song, in a model's parts, before a note of it is written."""
    return SongOutline(song.meters, key, style, song.parts)


def outline_to_window(outline: SongOutline, config: MeasureVAEConfig, measures: int | None = None) -> Window:
    """Return an outline as the batch has it, its last meter repeated up to so many measures.

    Raises
    ------
    SongError
        If a measure is longer than the model's longest.
    """
    for meter in set(outline.meters):
        if not config.can_read(meter):
            raise SongError(f"the model cannot read measures of {meter}: it knows {', '.join(config.meters)}")
    count = len(outline.meters)
    meters = outline.meters + outline.meters[-1:] * ((measures or count) - count)
    place, parts = np.arange(len(meters)), outline.parts or config.usual_parts()
    return Window(
        steps=np.array([meter.steps(config.grid) for meter in meters]),
        meter=np.array([config.meter_index(meter) for meter in meters]),
        place=place,
        left=np.maximum(count - 1 - place, 0),
        key=np.full(len(meters), outline.key),
        style=np.full(len(meters), outline.style),
        band=config.number_bands(np.tile(list_programs(parts), (len(meters), 1))),
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
    windows = [outline_to_window(outline_song(song), config) for song in songs]
    return measures_to_batch(windows, [split_measures(song) for song in songs], config, device)


def measures_to_batch(
    windows: Sequence[Window],
    by_measure: Sequence[Sequence[MeasureNotes]],
    config: MeasureVAEConfig,
    device: torch.device | str,
) -> MeasureBatch:
    """Return windows with the notes of each measure."""
    layout = lay_out(windows, device)
    flat = [notes for measures in by_measure for notes in measures]
    numbers = [
        window * layout.measures + measure
        for window, measures in enumerate(by_measure)
        for measure in range(len(measures))
    ]
    measure = np.repeat(numbers, [len(notes) for notes in flat])
    notes = np.concatenate([np.empty(0, MEASURE_NOTE), *flat])
    return MeasureBatch(layout, lay_notes(layout, measure, notes, config.alphabet))


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


def symbols_to_notes(notes: Notes, alphabet: Alphabet) -> np.ndarray:
    """Return a batch's notes as an array of MEASURE_NOTE, their measures left at 0, velocities unknown."""
    symbol = notes.symbol.cpu().numpy()
    found = np.zeros(len(symbol), MEASURE_NOTE)
    found["step"], found["length"] = notes.step.cpu().numpy(), notes.length.cpu().numpy()
    found["part"], found["pitch"] = alphabet.part(symbol), alphabet.pitch(symbol)
    found["held"] = symbol < alphabet.lanes
    return found


def notes_to_measures(notes: Notes, layout: Layout, alphabet: Alphabet) -> list[list[MeasureNotes]]:
    """Return a batch's notes by window and measure. Inverse of `measures_to_batch`, but for velocities."""
    edges = np.searchsorted(notes.measure.cpu().numpy(), np.arange(1, layout.windows * layout.measures))
    flat = np.split(symbols_to_notes(notes, alphabet), edges)
    return [flat[first : first + layout.measures] for first in range(0, len(flat), layout.measures)]
