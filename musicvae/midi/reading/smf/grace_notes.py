"""Grace notes in MIDI files, which have no sign for them: how they sound, and how they are known again.

Conventions
-----------
A grace note of a score has no length, and a note of no length is heard by nobody. In a file that is made of
a score it lasts a tick less than a 32nd note and ends where the note begins that it leads to; of several
the last does, each of the others where the next begins. Before the beat, not on it, since so every other
note keeps its tick. A grace note for which there is no time before, at the beginning of a song, or that
leads to nothing, begins where it is written.

A reader could not tell it from a short note, and would lay it on the grid as a note of its own. So such a
file says in a text how many ticks its grace notes last, a number that no other note of it has, and notes
of this length become grace notes again when it is read. In any other file a short note is a short note.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

import numpy as np

_A_BEAT = 8  # of the notes than which graces are a tick shorter
_SAYS = re.compile(rb"musicvae: grace notes last (\d{1,9}) ticks")


class SpreadNotes(NamedTuple):
    """The notes of a file in which all have a length, and that of its grace notes; 0 if there are none."""

    notes: np.ndarray
    grace_ticks: int


def spread_graces(notes: np.ndarray, ticks_per_beat: int) -> SpreadNotes:
    """Return notes of which all have a length. See `gather_graces`, the inverse.

    Parameters
    ----------
    notes : np.ndarray of SOURCE_NOTE, shape (notes,)
        By their starts; those without a length are grace notes.
    ticks_per_beat : int
    """
    lengths = notes["end"] - notes["start"]
    if lengths.all():
        return SpreadNotes(notes, 0)
    lasts = _choose_length(lengths, ticks_per_beat)
    spread, mains = notes.copy(), _places(notes[lengths > 0])
    groups: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for index in np.flatnonzero(lengths == 0).tolist():
        groups[int(notes["track"][index]), int(notes["start"][index])].append(index)
    for (track, tick), group in groups.items():
        for later, index in enumerate(reversed(group)):
            start = tick - (later + 1) * lasts
            spread["start"][index] = start if start >= 0 and (track, tick) in mains else tick
    spread["end"] = np.where(lengths > 0, notes["end"], spread["start"] + lasts)
    return SpreadNotes(spread, lasts)


def _choose_length(lengths: np.ndarray, ticks_per_beat: int) -> int:
    """Return how long graces are to be: as no other note is."""
    taken = set(lengths.tolist())
    usual = max(1, ticks_per_beat // _A_BEAT - 1)
    longer = usual + 1
    while longer in taken:
        longer += 1
    return next((length for length in range(usual, 0, -1) if length not in taken), longer)


def gather_graces(notes: np.ndarray, grace_ticks: int) -> np.ndarray:
    """Return the notes of a file with its grace notes where the score has them, without a length.

    Parameters
    ----------
    notes : np.ndarray of SOURCE_NOTE, shape (notes,)
        By their starts.
    grace_ticks : int
        How long its grace notes last.
    """
    graces = notes["end"] - notes["start"] == grace_ticks
    gathered, mains = notes.copy(), _places(notes[~graces])
    leads_to: dict[tuple[int, int], int] = {}
    for index in reversed(np.flatnonzero(graces).tolist()):
        start, end, _, _, track = notes[index].tolist()
        tick = end if (track, end) in mains else leads_to.get((track, end), start)
        if tick > start:
            leads_to[track, start] = tick
        gathered["start"][index] = gathered["end"][index] = tick
    return gathered[np.argsort(gathered["start"], kind="stable")]


def _places(notes: np.ndarray) -> set[tuple[int, int]]:
    """Return in which tracks and when notes begin."""
    return {(track, start) for track, start in notes[["track", "start"]].tolist()}


def say_grace_ticks(grace_ticks: int) -> bytes:
    """Return the text by which a file says how long its grace notes last."""
    return f"musicvae: grace notes last {grace_ticks} ticks".encode()


def find_grace_ticks(data: bytes) -> int:
    """Return how long the grace notes of a file last; 0 if it does not say that it has any."""
    said = _SAYS.search(data)
    return int(said[1]) if said else 0
