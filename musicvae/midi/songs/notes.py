"""The notes of a song as one array: made from rows, put in order, made tidy, checked.

Conventions
-----------
Times are steps from the beginning of the song. Notes of one part and pitch share a *lane*; notes are
*tidy* when no two of a lane overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

NOTE = np.dtype(
    [
        ("start", np.int32),  # steps from the beginning of the song
        ("length", np.int32),  # steps, 1 or more
        ("pitch", np.int16),
        ("velocity", np.int16),
        ("part", np.int16),  # index into Song.parts
    ]
)

DEFAULT_VELOCITY = 80


def make_notes(rows: Iterable[Sequence[int]]) -> np.ndarray:
    """Return rows of (start, length, pitch, velocity, part) as an array of NOTE, shape (notes,)."""
    return np.array([tuple(row) for row in rows], dtype=NOTE)


def sort_notes(notes: np.ndarray) -> np.ndarray:
    """Return the notes by start, then part, then pitch: the order of every Song."""
    key = notes["start"].astype(np.int64) << 24 | _lane(notes)
    return notes if np.all(key[1:] >= key[:-1]) else notes[np.argsort(key, kind="stable")]


def hold_struck_again(notes: np.ndarray) -> np.ndarray:
    """Return notes in which a pitch that is struck again while it sounds goes on as long as it did before.

    Two hands or two tracks may hold one pitch of a part, and the second may let go first: `tidy_notes` would
    end it there.

    Parameters
    ----------
    notes : np.ndarray of NOTE, shape (notes,)
    """
    notes = notes[np.argsort(_lane_and_start(notes), kind="stable")]
    lane, start = _lane_and_start(notes) >> 32, notes["start"].astype(np.int64)
    end = start + notes["length"]
    beyond = lane * (int(end.max(initial=0)) + 1)  # lanes one after another on one line of time
    notes["length"] = np.maximum.accumulate(beyond + end) - beyond - start
    return notes


def tidy_notes(notes: np.ndarray) -> np.ndarray:
    """Return sorted notes in which no two of one pitch and part overlap.

    Of notes that begin together the longest stays; a note that still sounds when its pitch is
    struck again ends there (first in, first out).

    Parameters
    ----------
    notes : np.ndarray of NOTE, shape (notes,)

    Returns
    -------
    np.ndarray of NOTE, shape (notes kept,)
    """
    # By part and pitch, then start, the longest first: what overlaps lies side by side.
    notes = notes[np.lexsort((-notes["length"], _lane_and_start(notes)))]
    at = _lane_and_start(notes)
    doubled = at[1:] == at[:-1]
    if doubled.any():
        kept = np.flatnonzero(np.concatenate([[True], ~doubled]))
        notes, at = notes[kept], at[kept]
    same_lane = at[1:] >> 32 == at[:-1] >> 32
    until_next = np.where(same_lane, at[1:] - at[:-1], np.iinfo(np.int32).max)
    notes["length"][:-1] = np.minimum(notes["length"][:-1], until_next)
    return sort_notes(notes)


def check_notes(notes: np.ndarray, steps: int, parts: int) -> None:
    """Check that sorted notes, one or more, can be those of a song of so many steps and parts.

    Raises
    ------
    ValueError
        If a note lies outside the steps, the parts or the MIDI range, or two of one lane overlap.
    """
    if notes["start"].min() < 0 or (notes["start"] + notes["length"]).max() > steps:
        raise ValueError(f"every note must lie within the {steps} steps of the song's measures")
    if notes["length"].min() < 1:
        raise ValueError("every note must last a step or more")
    if notes["pitch"].min() < 0 or notes["pitch"].max() > 127:
        raise ValueError("pitches must lie between 0 and 127")
    if notes["velocity"].min() < 1 or notes["velocity"].max() > 127:
        raise ValueError("velocities must lie between 1 and 127")
    if notes["part"].min() < 0 or notes["part"].max() >= parts:
        raise ValueError(f"every note must belong to one of the {parts} parts")
    if not _are_tidy(notes):
        raise ValueError("two notes of one pitch and part overlap: pass the notes through tidy_notes first")


def _are_tidy(notes: np.ndarray) -> bool:
    """Say whether sorted notes of one pitch and part nowhere overlap."""
    order = np.argsort(_lane(notes), kind="stable")
    lane, start = _lane(notes)[order], notes["start"][order]
    end = start + notes["length"][order]
    return not bool(np.any((lane[1:] == lane[:-1]) & (end[:-1] > start[1:])))


def _lane(notes: np.ndarray) -> np.ndarray:
    """Part and pitch as one number, in this order."""
    return notes["part"].astype(np.int64) << 8 | notes["pitch"]


def _lane_and_start(notes: np.ndarray) -> np.ndarray:
    return _lane(notes) << 32 | notes["start"]
