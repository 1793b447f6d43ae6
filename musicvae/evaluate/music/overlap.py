"""Overlapping area: whether songs spread about a reference as the reference spreads about itself.

After L.-C. Yang and A. Lerch: On the evaluation of generative models in music, 2018 (mgeval). Six
features make a song a vector each. The distances between every two songs of the reference (*intra*)
and those from every song to every one of the reference (*inter*) are smoothed into two densities; the
area that lies under both is the overlap, 0 to 1. More songs of the reference's own kind come near 1;
songs that are unlike them, or too wild, or too much alike, do not.

Conventions
-----------
Distances are Euclidean. Times are in beats, so tempo does not matter. Keys do: songs moved to other
keys are unlike in their pitch classes. Drums have no pitch and no length: they count as notes and as
onsets only. Pieces are compared whole, so take as many measures of each. A song that cannot answer
(the interval of a single note) is left out of that feature.

The authors' code integrates from the lowest distance to the highest: it cuts off the tails of both
densities, and falls short of 1 even for a set and itself. Here the grid holds all of the reference's
density. Both densities have the same kernel, as wide as Scott's rule has it for the reference (theirs
have one each), so that overlaps with one reference can be compared; where all distances within the
reference are the same, the overlap is the share of the others that are the same too. Notes that begin
together make one onset (theirs: intervals of 0), a pitch class counts by its time alone (theirs: times
velocity), and the classes of note lengths are so many beats in every meter (theirs: shares of a measure).

What it does not do: mgeval's pitch count, transition matrices, features of each measure, and
Kullback-Leibler divergence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from musicvae.evaluate.music.statistics import mean_interval, pitch_range, pitched_notes
from musicvae.midi.songs.key import pitch_class_histogram
from musicvae.midi.songs.song import Song

# Beats of the classes of note lengths: whole to sixteenth, the same dotted, triplets.
_LENGTHS = np.array([4, 2, 1, 1 / 2, 1 / 4, 3, 3 / 2, 3 / 4, 3 / 8, 4 / 3, 2 / 3, 1 / 3])
_CELLS, _REACH = 10, 5  # of the grid in a bandwidth; of the kernel in bandwidths


class Overlap(NamedTuple):
    """Overlapping area of each feature, 0 to 1 (NaN: fewer than two songs of the reference have it)."""

    pitch_class_histogram: float
    pitch_range: float
    pitch_interval: float
    note_count: float
    inter_onset_interval: float
    note_length: float

    @property
    def mean(self) -> float:
        """Mean over the features that the reference has."""
        known = [area for area in self if not math.isnan(area)]
        return sum(known) / len(known) if known else math.nan


def overlap(songs: Sequence[Song], reference: Sequence[Song]) -> Overlap:
    """Return how much songs are like those of a reference, feature by feature.

    Parameters
    ----------
    songs : sequence of Song
        One or more, such as pieces that a model wrote.
    reference : sequence of Song
        Two or more, such as songs that it did not see.

    Raises
    ------
    ValueError
        If there are fewer.
    """
    if not songs or len(reference) < 2:
        raise ValueError("an overlap needs one song or more, and a reference of two or more")
    return Overlap(
        pitch_class_histogram=_area_of(_shares_of_pitch_classes, songs, reference),
        pitch_range=_area_of(pitch_range, songs, reference),
        pitch_interval=_area_of(mean_interval, songs, reference),
        note_count=_area_of(_note_count, songs, reference),
        inter_onset_interval=_area_of(_inter_onset_beats, songs, reference),
        note_length=_area_of(_shares_of_lengths, songs, reference),
    )


def overlapping_area(intra: np.ndarray, inter: np.ndarray) -> float:
    """Return the area under both of the densities of two sets of distances, 0 to 1.

    Parameters
    ----------
    intra : np.ndarray of float, shape (n,)
        Within the reference: two or more; they alone say how wide the kernel is.
    inter : np.ndarray of float, shape (m,)
        From the songs to the reference: one or more.
    """
    low, high = intra.min(), intra.max()
    if np.isclose(low, high):  # no spread, no kernel
        return float(np.isclose(inter, low).mean())
    width = intra.std(ddof=1) * len(intra) ** -0.2  # Scott's rule in one dimension
    # Where the reference's density is nil there is nothing to share: the grid need not go there.
    cells = math.ceil((high - low + 2 * _REACH * width) / width * _CELLS)
    edges = low - _REACH * width + np.arange(cells + 1) * (width / _CELLS)
    taps = np.exp(-0.5 * (np.arange(-_REACH * _CELLS, _REACH * _CELLS + 1) / _CELLS) ** 2)
    densities = [
        np.convolve(np.histogram(distances, edges)[0] / len(distances), taps / taps.sum(), mode="same")
        for distances in (intra, inter)
    ]
    return float(np.minimum(*densities).sum())


def _shares_of_pitch_classes(song: Song) -> np.ndarray:
    """Return which share of the sounding time each pitch class has, shape (12,)."""
    return _shares(pitch_class_histogram(song))


def _shares_of_lengths(song: Song) -> np.ndarray:
    """Return which share of the notes is nearest to each class of lengths, shape (12,)."""
    beats = pitched_notes(song)["length"] / song.grid.steps_per_beat
    nearest = np.abs(beats[:, None] - _LENGTHS).argmin(axis=1)
    return _shares(np.bincount(nearest, minlength=len(_LENGTHS)))


def _note_count(song: Song) -> float:
    return float(len(song.notes))


def _inter_onset_beats(song: Song) -> float:
    """Return the mean time from an onset to the next one, in beats."""
    onsets = np.unique(song.notes["start"])
    return float(np.diff(onsets).mean() / song.grid.steps_per_beat) if len(onsets) > 1 else math.nan


def _shares(counts: np.ndarray) -> np.ndarray:
    return counts / counts.sum() if counts.any() else np.full(len(counts), math.nan)


def _area_of(
    feature: Callable[[Song], float] | Callable[[Song], np.ndarray],
    songs: Sequence[Song],
    reference: Sequence[Song],
) -> float:
    """Return the overlapping area of one feature; 0 if none of the songs has it."""
    made, known = _vectors(feature, songs), _vectors(feature, reference)
    if len(known) < 2:
        return math.nan
    if not len(made):
        return 0.0
    every_other = ~np.eye(len(known), dtype=bool)
    return overlapping_area(_distances(known, known)[every_other], _distances(made, known).ravel())


def _vectors(
    feature: Callable[[Song], float] | Callable[[Song], np.ndarray], songs: Sequence[Song]
) -> np.ndarray:
    """Return the feature of those songs that have it, shape (songs, numbers)."""
    vectors = np.array([feature(song) for song in songs]).reshape(len(songs), -1)
    return vectors[~np.isnan(vectors).any(axis=1)]


def _distances(these: np.ndarray, those: np.ndarray) -> np.ndarray:
    """Return the Euclidean distances between the rows of two matrices, shape (these, those)."""
    # Differences, and not norms and products, so that equal rows are exactly 0 apart.
    squares = sum((mine[:, None] - yours) ** 2 for mine, yours in zip(these.T, those.T, strict=True))
    return np.sqrt(squares)
