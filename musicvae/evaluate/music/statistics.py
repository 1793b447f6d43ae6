"""What music is like, in a handful of numbers: the same for songs that were read and songs that were made.

Conventions
-----------
Every function takes one Song and returns one float; `describe` averages them over songs. What a
song cannot answer (the interval of a single note) is NaN, and is left out of the average. Drums
have no pitch: they count in notes per measure, groove and repeats alone.

The numbers say whether made music is *like* other music, not whether it is good.

References
----------
O. Mogren: C-RNN-GAN, 2016 (scale consistency).
S.-L. Wu and Y.-H. Yang: The Jazz Transformer on the front line, ISMIR 2020 (groove similarity).
H.-W. Dong et al.: MusPy, ISMIR 2020 (scale consistency and groove as computed here).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.song import Song

_MAJOR = np.array([0, 2, 4, 5, 7, 9, 11])
# Row k holds the pitch classes of the major scale on k, which are those of its relative minor too.
_SCALES = np.zeros((12, 12), dtype=bool)
_SCALES[np.arange(12)[:, None], (np.arange(12)[:, None] + _MAJOR) % 12] = True


class Statistics(NamedTuple):
    """What songs are like, each number averaged over the songs that have it (NaN: none has)."""

    scale_consistency: float
    mean_interval: float
    notes_per_measure: float
    groove_similarity: float
    repeated_measures: float
    pitch_range: float
    length_beats: float
    polyphony: float


def describe(songs: Sequence[Song]) -> Statistics:
    """Return what the songs are like on average, every song counting alike.

    Raises
    ------
    ValueError
        If there is no song.
    """
    if not songs:
        raise ValueError("no songs to describe")
    return Statistics(
        scale_consistency=_mean_over(songs, scale_consistency),
        mean_interval=_mean_over(songs, mean_interval),
        notes_per_measure=_mean_over(songs, notes_per_measure),
        groove_similarity=_mean_over(songs, groove_similarity),
        repeated_measures=_mean_over(songs, repeated_measures),
        pitch_range=_mean_over(songs, pitch_range),
        length_beats=_mean_over(songs, length_beats),
        polyphony=_mean_over(songs, polyphony),
    )


def scale_consistency(song: Song) -> float:
    """Return the largest share of notes that lie in any one major or natural minor scale."""
    notes = pitched_notes(song)
    if not len(notes):
        return math.nan
    classes = np.bincount(notes["pitch"] % 12, minlength=12)
    return float((_SCALES @ classes).max() / len(notes))


def mean_interval(song: Song) -> float:
    """Return the mean distance in semitones from a note to the next one of its part.

    Where several notes of a part begin together, the highest counts.
    """
    notes = pitched_notes(song)
    notes = notes[np.lexsort((notes["pitch"], notes["start"], notes["part"]))]
    part, start = notes["part"], notes["start"]
    followed = (part[1:] == part[:-1]) & (start[1:] == start[:-1])
    line = notes[~np.append(followed, False)] if len(notes) else notes
    same_part = line["part"][1:] == line["part"][:-1]
    intervals = np.abs(np.diff(line["pitch"].astype(int)))[same_part]
    return float(intervals.mean()) if len(intervals) else math.nan


def notes_per_measure(song: Song) -> float:
    """Return the mean number of notes that begin in a measure, over all parts."""
    return len(song.notes) / song.measures if song.measures else math.nan


def groove_similarity(song: Song) -> float:
    """Return how alike the rhythms of neighbouring measures are, 0 to 1.

    One minus the share of sixteenths (or steps, where a measure is no whole number of these) in which notes
    begin in one of the two measures alone, averaged over all neighbours of equal length.
    """
    starts = song.measure_starts
    onsets = np.zeros(song.steps, dtype=bool)
    onsets[song.notes["start"]] = True
    lengths = np.diff(starts)
    alike = []
    for length in np.unique(lengths):
        first = np.flatnonzero((lengths[1:] == length) & (lengths[:-1] == length))
        size = song.grid.sixteenth if length % song.grid.sixteenth == 0 else 1
        within = np.arange(length).reshape(-1, size)
        steps = starts[first][:, None, None] + within  # (pairs, sixteenths, their steps)
        alike.append(1 - (onsets[steps].any(axis=2) ^ onsets[steps + length].any(axis=2)).mean(axis=1))
    pairs = np.concatenate(alike) if alike else np.array([])
    return float(pairs.mean()) if len(pairs) else math.nan


def repeated_measures(song: Song) -> float:
    """Return the share of measures that say note for note what an earlier measure of the song said.

    Starts within the measure, lengths, pitches and parts must be the same; velocities need not.
    Measures in which no note begins are not counted.
    """
    starts = song.measure_starts
    measure = np.searchsorted(starts, song.notes["start"], side="right") - 1
    if not len(measure):
        return math.nan
    start = song.notes["start"] - starts[measure]
    said = np.stack([start, *(song.notes[name] for name in ("length", "pitch", "part"))], axis=1)
    measures = np.split(said, np.flatnonzero(np.diff(measure)) + 1)
    return 1 - len({notes.tobytes() for notes in measures}) / len(measures)


def pitch_range(song: Song) -> float:
    """Return the semitones between the lowest and the highest note."""
    notes = pitched_notes(song)
    return float(np.ptp(notes["pitch"])) if len(notes) else math.nan


def length_beats(song: Song) -> float:
    """Return the mean length of a note in beats."""
    notes = pitched_notes(song)
    return float(notes["length"].mean() / song.grid.steps_per_beat) if len(notes) else math.nan


def polyphony(song: Song) -> float:
    """Return how many notes sound together on average, at the steps where any sounds."""
    notes = pitched_notes(song)
    if not len(notes):
        return math.nan
    begin = np.bincount(notes["start"], minlength=song.steps + 1)
    end = np.bincount(notes["start"] + notes["length"], minlength=song.steps + 1)
    sounding = np.cumsum(begin - end)
    return float(sounding[sounding > 0].mean())


def pitched_notes(song: Song) -> np.ndarray:
    """Return the notes of all parts but drums, as an array of NOTE, shape (notes,)."""
    drums = [index for index, part in enumerate(song.parts) if part.is_drums]
    return song.notes[~np.isin(song.notes["part"], drums)]


def _mean_over(songs: Sequence[Song], statistic: Callable[[Song], float]) -> float:
    known = [value for value in map(statistic, songs) if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
