"""What a file says, as MusicXML: on the coarsest grid that moves nothing."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from musicvae.midi.reading.quantise import quantise
from musicvae.midi.saving.notation.musicxml import song_to_musicxml
from musicvae.midi.songs.song import Grid
from musicvae.midi.songs.source import Source

_GRIDS = (4, 8, 12, 16, 24, 48, 96)  # steps a beat
_PLAYED = 12  # for what no grid holds exactly: music as it was played


def source_to_musicxml(source: Source) -> bytes:
    """Return the MusicXML file of a source, with its key signature and its words.

    Notes that were played, on no grid, come to the nearest sixteenth or triplet.

    Raises
    ------
    SongError
        If there are no notes.
    """
    song, _, place = quantise(source, _choose_grid(source))
    words: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for lyric in source.lyrics:
        words[lyric.track][int(place.to_steps([lyric.tick])[0])] = lyric.text
    return song_to_musicxml(song, source.key, words)


def _choose_grid(source: Source) -> Grid:
    times = np.concatenate([source.notes["start"], source.notes["end"]])
    exact = (steps for steps in _GRIDS if not np.any(times * steps % source.ticks_per_beat))
    return Grid(next(exact, _PLAYED))
