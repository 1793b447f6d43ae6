"""Songs cut into parts of some measures: a song of any length goes through a model in bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from musicvae.measures.data.batch import MeasureBatch, Window
from musicvae.measures.data.song_batch import measures_to_batch, outline_song, outline_to_window
from musicvae.measures.network.model import MeasureVAE, device_of
from musicvae.midi.songs.measure_notes import MeasureNotes, split_measures
from musicvae.midi.songs.song import Song


class SongPart(NamedTuple):
    """Some measures of a song, or all, as a batch has them: their window and the notes of each."""

    window: Window
    by_measure: Sequence[MeasureNotes]

    @property
    def measures(self) -> int:
        """Number of measures."""
        return len(self.by_measure)

    def cut(self, first: int, after: int) -> SongPart:
        """Return the measures from `first` up to `after`, or to the end if that comes before."""
        return SongPart(self.window.cut(first, after), self.by_measure[first:after])


def song_to_part(song: Song, model: MeasureVAE) -> SongPart:
    """Return a whole song, in the model's grid and parts, as one part.

    Raises
    ------
    SongError
        If a measure is longer than the model's longest.
    """
    return SongPart(outline_to_window(outline_song(song), model.config), split_measures(song))


def parts_to_batch(parts: Sequence[SongPart], model: MeasureVAE) -> MeasureBatch:
    """Return parts of songs, each of one measure or more, as a batch."""
    windows, by_measure = zip(*parts, strict=True)
    return measures_to_batch(windows, by_measure, model.config, device_of(model))
