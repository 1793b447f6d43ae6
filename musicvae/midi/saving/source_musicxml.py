"""What a file says, as MusicXML: on the coarsest grid that moves nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.midi.reading.quantise import quantise
from musicvae.midi.saving.notation.musicxml import song_to_musicxml
from musicvae.midi.songs.notices import Notice, count_notices
from musicvae.midi.songs.song import Grid
from musicvae.midi.songs.source import Source

_GRIDS = (4, 8, 12, 16, 24, 48, 96)  # steps a beat
_PLAYED = 12  # for what no grid holds exactly: music as it was played


class WrittenScore(NamedTuple):
    """A MusicXML file, and what was moved or left out on the way to it."""

    data: bytes
    notices: tuple[Notice, ...] = ()


def source_to_musicxml(source: Source) -> WrittenScore:
    """Return the MusicXML file of a source, with its key signature and its words.

    Notes that were played, on no grid, come to the nearest sixteenth or triplet. A score shows a pick-up as
    it is: a first measure that is short needs no silence before it.

    Raises
    ------
    SongError
        If there are no notes.
    """
    grid = _choose_grid(source)
    song, notices, place = quantise(replace(source, is_barred=True), grid)
    words: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for lyric in source.lyrics:
        words[lyric.track][int(place.to_steps([lyric.tick])[0])] = lyric.text
    left_out = _count_left_out(source, grid)
    return WrittenScore(song_to_musicxml(song, source.key, words), left_out + notices)


def _count_left_out(source: Source, grid: Grid) -> tuple[Notice, ...]:
    """Return what the score does not have of a source."""
    keys = [key for _, key in source.keys]
    return count_notices(
        {
            "notes moved to the nearest sixteenth or triplet": int(np.count_nonzero(_are_off(source, grid))),
            "changes of key left out": sum(
                key != before for before, key in zip(keys, keys[1:], strict=False)
            ),
        }
    )


def _choose_grid(source: Source) -> Grid:
    grids = map(Grid, _GRIDS)
    return next((grid for grid in grids if not _are_off(source, grid).any()), Grid(_PLAYED))


def _are_off(source: Source, grid: Grid) -> np.ndarray:
    """Say which notes begin or end between steps of a grid, bool (notes,)."""
    start, end = (source.notes[time] * grid.steps_per_beat for time in ("start", "end"))
    off: np.ndarray = (start % source.ticks_per_beat != 0) | (end % source.ticks_per_beat != 0)
    return off
