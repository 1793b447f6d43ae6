"""Songs measure by measure: the notes of each as an array of its own, as they are heard and written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicvae.midi.songs.measure_notes import MEASURE_NOTE, measure_notes_to_song, song_to_measure_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

Page = np.ndarray  # the notes of one measure, cut at its barlines: an array of MEASURE_NOTE


def song_to_pages(song: Song) -> list[Page]:
    """Return the notes of each measure of a song."""
    cut = song_to_measure_notes(song)
    return np.split(cut, np.searchsorted(cut["measure"], np.arange(1, song.measures)))


def pages_to_song(pages: Sequence[Page], meters: Sequence[Meter], parts: Sequence[Part], grid: Grid) -> Song:
    """Return the song of some measures. Inverse of `song_to_pages`, but for tempi, markers and title."""
    cut = np.concatenate([np.empty(0, MEASURE_NOTE), *pages])
    cut["measure"] = np.repeat(np.arange(len(pages)), [len(page) for page in pages])
    return measure_notes_to_song(cut, meters, parts, grid)


def page_key(page: Page) -> bytes:
    """Return what is the same for measures with the same notes, held from before or not."""
    notes = np.stack([page[name] for name in ("step", "part", "pitch", "length")])
    return notes[:, np.lexsort(notes)].tobytes()
