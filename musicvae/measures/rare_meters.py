"""Songs in other meters: so that codes can say measures of every length that there is.

What lies where in a measure has weights of its own in the encoder and in the unrolling of codes. Where only
a few measures of a folder are as long as seven quarters, nothing is learned of what lies near their ends, and
they come back as noise. But any music can be barred anew: some songs are learned from once more, with their
barlines set as in those measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from musicvae.measures.data.store import MeasureStore, merge_stores, songs_to_store, store_to_song
from musicvae.midi.songs.song import Grid, Meter, Part, Song

LEAST = 0.003  # of the measures learned from, in one meter ...
ENOUGH = 500  # ... or so many
MOST = 0.1  # of the measures learned from, in all rare meters together: the commoner ones come first
TOO_MANY = 2_000_000  # measures of a store that is not copied for this: it may be larger than memory


def add_rare_meters(
    store: MeasureStore, songs: np.ndarray, parts: Sequence[Part], grid: Grid, seed: int
) -> tuple[MeasureStore, np.ndarray]:
    """Return a store with songs barred anew after its own, and which songs of it to learn from.

    Parameters
    ----------
    store : MeasureStore
    songs : np.ndarray of int
        Those to learn from.
    parts : sequence of Part
    grid : Grid
    seed : int
        Of which songs are barred anew.
    """
    if not len(songs) or store.measures > TOO_MANY:
        return store, songs
    measures = np.concatenate([np.arange(*store.song_offsets[song : song + 2]) for song in songs.tolist()])
    enough, most = min(ENOUGH, int(LEAST * len(measures))), int(MOST * len(measures))
    rng = np.random.default_rng(seed)
    made: list[Song] = []
    for name in store.meters():
        meter = Meter.parse(name)
        there = int((store.meter[measures] == (meter.numerator, meter.denominator)).all(1).sum())
        drawn = (store_to_song(store, song, parts, grid) for song in rng.permutation(songs).tolist())
        barred = list(_fill(drawn, meter, min(most, enough - there)))
        most -= sum(song.measures for song in barred)
        made += barred
    if not made:
        return store, songs
    more = merge_stores([replace(store, styles=()), songs_to_store(made)])
    return replace(more, styles=store.styles), np.append(songs, np.arange(store.songs, more.songs))


def bar_anew(song: Song, meter: Meter) -> Song:
    """Return a song with all its barlines set by one meter."""
    return replace(song, meters=(meter,) * -(-song.steps // meter.steps(song.grid)))


def _fill(songs: Iterator[Song], meter: Meter, measures: int) -> Iterator[Song]:
    """Bar songs anew until there are so many measures, or no more songs."""
    while measures > 0 and (song := next(songs, None)) is not None:
        barred = bar_anew(song, meter).opening(measures)
        measures -= barred.measures
        yield barred
