"""Cut a song's notes at its barlines, and join them again.

Conventions
-----------
A *measure note* lies within one measure. A note that sounds across a barline becomes one
measure note for each measure that it touches; all but the first are *held*: they begin at
step 0 and belong to the onset before the barline. `song_to_measure_notes` and
`measure_notes_to_song` are exact inverses.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicvae.midi.songs.notes import DEFAULT_VELOCITY, NOTE, tidy_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

MEASURE_NOTE = np.dtype(
    [
        ("measure", np.int32),
        ("step", np.int32),  # steps from the barline: a grid of tuplets may have 110,880 to the beat
        ("length", np.int32),  # steps, ending within the measure
        ("pitch", np.int16),
        ("part", np.int16),
        ("velocity", np.int16),
        ("held", np.bool_),  # continues a note of the measure before
    ]
)

MeasureNotes = np.ndarray  # the notes of one measure, cut at its barlines: an array of MEASURE_NOTE


def song_to_measure_notes(song: Song) -> np.ndarray:
    """Return the song's notes cut at the barlines.

    Returns
    -------
    np.ndarray of MEASURE_NOTE, shape (measure notes,)
        Sorted by measure, held ones first, then by step, part and pitch.
    """
    notes, starts = song.notes, song.measure_starts
    ends = notes["start"] + notes["length"]
    first = np.searchsorted(starts, notes["start"], side="right") - 1
    last = np.searchsorted(starts, ends, side="left") - 1
    pieces = last - first + 1
    source = np.repeat(np.arange(len(notes)), pieces)
    piece = np.arange(len(source)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    measure = first[source] + piece
    begin = np.maximum(notes["start"][source], starts[measure])
    measure_notes = np.empty(len(source), MEASURE_NOTE)
    measure_notes["measure"] = measure
    measure_notes["step"] = begin - starts[measure]
    measure_notes["length"] = np.minimum(ends[source], starts[measure + 1]) - begin
    for name in ("pitch", "part", "velocity"):
        measure_notes[name] = notes[name][source]
    measure_notes["held"] = piece > 0
    begins = ~measure_notes["held"]
    columns = (measure_notes[name] for name in ("pitch", "part", "step"))
    return measure_notes[np.lexsort((*columns, begins, measure))]


def measure_notes_to_song(
    notes: np.ndarray, meters: Sequence[Meter], parts: Sequence[Part], grid: Grid
) -> Song:
    """Return the song whose notes cut at the barlines are these. Inverse of `song_to_measure_notes`.

    A held note with no note before it to hold on to begins where it stands; a velocity of 0 is unknown.

    Parameters
    ----------
    notes : np.ndarray of MEASURE_NOTE, shape (measure notes,)
    meters, parts, grid
        As in Song.
    """
    empty = Song(np.empty(0, NOTE), tuple(meters), tuple(parts), grid)
    if not len(notes):
        return empty
    start = empty.measure_starts[notes["measure"]] + notes["step"]
    order = np.lexsort((start, notes["pitch"], notes["part"]))
    notes, start = notes[order], start[order]
    end = start + notes["length"]
    joins = np.zeros(len(notes), bool)  # continues the row above
    same_lane = (notes["part"][1:] == notes["part"][:-1]) & (notes["pitch"][1:] == notes["pitch"][:-1])
    joins[1:] = notes["held"][1:] & same_lane & (end[:-1] == start[1:])
    heads = np.flatnonzero(~joins)
    tails = np.append(heads[1:], len(notes)) - 1
    joined = np.empty(len(heads), NOTE)
    joined["start"] = start[heads]
    joined["length"] = end[tails] - start[heads]
    joined["pitch"], joined["part"] = notes["pitch"][heads], notes["part"][heads]
    joined["velocity"] = np.where(notes["velocity"][heads] > 0, notes["velocity"][heads], DEFAULT_VELOCITY)
    return Song(tidy_notes(joined), tuple(meters), tuple(parts), grid)


def split_measures(song: Song) -> list[MeasureNotes]:
    """Return the notes of each measure of a song."""
    notes = song_to_measure_notes(song)
    return np.split(notes, np.searchsorted(notes["measure"], np.arange(1, song.measures)))


def join_measures(
    by_measure: Sequence[MeasureNotes], meters: Sequence[Meter], parts: Sequence[Part], grid: Grid
) -> Song:
    """Return the song of some measures. Inverse of `split_measures`, but for tempi, markers and title."""
    notes = np.concatenate([np.empty(0, MEASURE_NOTE), *by_measure])
    notes["measure"] = np.repeat(np.arange(len(by_measure)), [len(measure) for measure in by_measure])
    return measure_notes_to_song(notes, meters, parts, grid)


def measure_key(measure: MeasureNotes) -> bytes:
    """Return what is the same for measures with the same notes, held from before or not."""
    notes = np.stack([measure[name] for name in ("step", "part", "pitch", "length")])
    return notes[:, np.lexsort(notes)].tobytes()
