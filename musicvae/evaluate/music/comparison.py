"""What a model wrote beside real songs: whether it is like them, and copied from those learned from.

Pieces are compared from their beginning, in as many measures of each, since what they are like depends on
that; copies are looked for in the whole of them. No number says whether music is good.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.evaluate.music.memorisation import Copies, count_copies
from musicvae.evaluate.music.overlap import Overlap, overlap
from musicvae.evaluate.music.statistics import Statistics, describe
from musicvae.midi.likeness.tune_index import TuneIndex
from musicvae.midi.songs.song import Song

MOST_MEASURES = 16  # songs of more are fewer
MOST_OVERLAPPED = 2000  # pieces of a side: their distances are as many as its square


class Side(NamedTuple):
    """One side of a comparison: how many pieces, what they are like, and their copies if those are known.

    `overlap_of` is how many of the pieces the overlap is of: all, or `MOST_OVERLAPPED` by a fixed draw.
    """

    pieces: int
    statistics: Statistics
    copies: Copies | None
    overlap_of: int


class Comparison(NamedTuple):
    """Samples beside songs, as many measures of each, and how much their features overlap."""

    measures: int
    samples: Side
    songs: Side
    overlap: Overlap


def compare_samples(samples: Sequence[Song], songs: Sequence[Song], tunes: TuneIndex | None) -> Comparison:
    """Return what samples are like, beside songs.

    Both are compared in as many measures as half of the samples have, at most 16; shorter ones are left out.

    Parameters
    ----------
    samples : sequence of Song
        One or more.
    songs : sequence of Song
    tunes : TuneIndex, optional
        The songs that the model learned from.

    Raises
    ------
    SongError
        If fewer than two of the songs have so many measures.
    """
    measures = min(MOST_MEASURES, median_low(sample.measures for sample in samples))
    ours, theirs = openings(samples, measures), openings(songs, measures)
    if len(theirs) < 2:
        raise SongError(
            f"{len(theirs)} of the {len(songs)} songs have the {measures} measures that samples have,"
            " and a comparison needs two: name more songs, or shorter samples"
        )
    copies = [count_copies(pieces, tunes) if tunes else None for pieces in (samples, songs)]
    our_some, their_some = _draw(ours), _draw(theirs)
    return Comparison(
        measures,
        Side(len(ours), describe(ours), copies[0], len(our_some)),
        Side(len(theirs), describe(theirs), copies[1], len(their_some)),
        overlap(our_some, their_some),
    )


def _draw(pieces: list[Song]) -> list[Song]:
    """Return as many pieces as an overlap can be of, always the same of these."""
    if len(pieces) <= MOST_OVERLAPPED:
        return pieces
    drawn = np.random.default_rng(0).choice(len(pieces), MOST_OVERLAPPED, replace=False)
    return [pieces[index] for index in sorted(drawn.tolist())]


def openings(songs: Sequence[Song], measures: int) -> list[Song]:
    """Return the first measures of those songs that have so many."""
    return [song.opening(measures) for song in songs if song.measures >= measures]
