"""Single lines out of many notes: the highest of each onset, and up to four voices.

Conventions
-----------
Notes are of dtype NOTE, in any order. A *line* sounds one note at a time. `is_highest` and
`number_voices` only say which notes belong to a line; `cut_lines` ends each where the next begins.
"""

from __future__ import annotations

import numpy as np

from musicvae.midi.songs.ranges import concat_ranges

VOICES = 4


def is_highest(notes: np.ndarray) -> np.ndarray:
    """Say of each note whether it is the highest of its part to begin there, bool (notes,).

    Of several notes of that pitch it is the longest. This is the skyline of Uitdenbogerd and
    Zobel (1999).
    """
    order = np.lexsort((-notes["length"], -notes["pitch"], notes["start"], notes["part"]))
    part, start = notes["part"][order], notes["start"][order]
    highest = np.ones(len(notes), bool)
    highest[order[1:]] = (part[1:] != part[:-1]) | (start[1:] != start[:-1])
    return highest


def cut_lines(notes: np.ndarray) -> np.ndarray:
    """Return the notes by part and start, each ending where the next of its part begins, if not before.

    Parameters
    ----------
    notes : np.ndarray of NOTE, shape (notes,)
        No two of one part begin together (see `is_highest`).
    """
    notes = notes[np.lexsort((notes["start"], notes["part"]))]
    goes_on = notes["part"][1:] == notes["part"][:-1]
    cut = np.minimum(notes["length"][:-1], np.diff(notes["start"]))
    notes["length"][:-1] = np.where(goes_on, cut, notes["length"][:-1])
    return notes


def number_voices(notes: np.ndarray) -> np.ndarray:
    """Return the voice of each note, 0 (high) to 3 (low), or -1 if it is one too many, int (notes,).

    A note's voice is the number of higher pitches that sound when it begins, those held from
    before included. Of more than four, the three highest and the lowest have a voice.
    """
    pitch = notes["pitch"]
    onsets, onset = np.unique(notes["start"], return_inverse=True)
    end = np.searchsorted(onsets, notes["start"] + notes["length"])
    note, time = concat_ranges(onset, end - onset)  # every note at every onset at which it sounds
    sounding = np.zeros((len(onsets), 128), np.uint8)
    sounding[time, pitch[note]] = 1
    up_to = np.cumsum(sounding, axis=1, dtype=np.uint8, out=sounding)
    above = up_to[onset, -1] - up_to[onset, pitch]
    is_lowest = up_to[onset, pitch] == 1
    return np.where(above < VOICES - 1, above.astype(np.int64), np.where(is_lowest, VOICES - 1, -1))
