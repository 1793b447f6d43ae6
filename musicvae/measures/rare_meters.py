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

ENOUGH = 0.003  # of the measures learned from, in one meter


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
    measures = np.concatenate([np.arange(*store.song_offsets[song : song + 2]) for song in songs.tolist()])
    enough = int(ENOUGH * len(measures))
    rng = np.random.default_rng(seed)
    made: list[Song] = []
    for name in store.meters():
        meter = Meter.parse(name)
        there = int((store.meter[measures] == (meter.numerator, meter.denominator)).all(1).sum())
        drawn = (store_to_song(store, song, parts, grid) for song in rng.permutation(songs).tolist())
        made += _fill(drawn, meter, enough - there)
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
