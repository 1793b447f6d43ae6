"""Grace notes in MIDI files, which have no sign for them: how they sound, and how they are known again.

Conventions
-----------
A grace note of a score has no length, and a note of no length is heard by nobody. In a file that is made of
a score it lasts a tick less than a 32nd note and ends where the note begins that it leads to; of several
the last does, each of the others where the next begins. Before the beat, not on it, since so every other
note begins at its tick. A grace note for which there is no time before, at the beginning of a song, or that
leads to nothing, begins where it is written. A key that is down cannot be struck: a note of its pitch that
ends where the graces lead ends where its grace begins; where another one sounds on, the grace is left out.

A reader could not tell it from a short note, and would lay it on the grid as a note of its own. So such a
file says in a text how many ticks its grace notes last, a number that no other note of it has, and of how
many to the beat; when it is read, notes of this length become grace notes again, and notes that were cut for
them are whole. In any other file a short note is a short note, also in one whose ticks another program
counted anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

import numpy as np

_A_BEAT = 8  # of the notes than which graces are a tick shorter
_SAYS = re.compile(rb"musicvae: grace notes last (\d{1,9}) ticks(?: of (\d{1,5}) to the beat)?")


class SpreadNotes(NamedTuple):
    """The notes of a file in which all have a length, and that of its grace notes; 0 if there are none."""

    notes: np.ndarray
    grace_ticks: int


def spread_graces(notes: np.ndarray, ticks_per_beat: int) -> SpreadNotes:
    """Return notes of which all have a length. See `gather_graces`, the inverse but for graces left out.

    Parameters
    ----------
    notes : np.ndarray of SOURCE_NOTE, shape (notes,)
        By their starts; those without a length are grace notes.
    ticks_per_beat : int
    """
    lengths = notes["end"] - notes["start"]
    if lengths.all():
        return SpreadNotes(notes, 0)
    room, mains = _Room(notes, _choose_length(lengths, ticks_per_beat)), _places(notes[lengths > 0])
    groups: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for index in np.flatnonzero(lengths == 0).tolist():
        groups[int(notes["track"][index]), int(notes["start"][index])].append(index)
    for place, group in groups.items():
        room.place(group, is_before=place in mains)
    return SpreadNotes(room.notes[room.placed], room.lasts)


class _Room:
    """The notes of a file, among which graces find room."""

    def __init__(self, notes: np.ndarray, lasts: int) -> None:
        self.notes, self.written, self.lasts = notes.copy(), notes, lasts
        self.placed = notes["end"] > notes["start"]

    def place(self, group: list[int], is_before: bool) -> None:
        """Place the graces that stand together, before a note or at its tick; the last is next to it."""
        tick, before = int(self.written["start"][group[0]]), 0
        for index in reversed(group):
            start = tick - (before + 1) * self.lasts
            start = start if is_before and start >= 0 else tick
            if self._make_room(index, start):
                self.notes["start"][index], self.notes["end"][index] = start, start + self.lasts
                self.placed[index] = True
                before += 1

    def _make_room(self, index: int, start: int) -> bool:
        """Say whether a key can be struck, perhaps after what sounds up to the tick of the graces is cut."""
        notes, written = self.notes, self.written
        same = self.placed & (notes["pitch"] == notes["pitch"][index])
        same &= notes["track"] == notes["track"][index]
        down = np.flatnonzero(same & (notes["start"] < start + self.lasts) & (notes["end"] > start))
        ends_there = written["end"][down] == written["start"][index]
        if not np.all(ends_there & (start - notes["start"][down] > self.lasts)):
            return False
        notes["end"][down] = start
        return True


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
    gathered, written = notes.copy(), find_written(notes, grace_ticks)
    for index in np.flatnonzero(written > notes["start"]).tolist():
        start, _, pitch, _, track = notes[index].tolist()
        cut = ~graces & (notes["track"] == track) & (notes["pitch"] == pitch) & (notes["end"] == start)
        gathered["end"][cut] = written[index]
    gathered["start"] = written
    gathered["end"][graces] = written[graces]
    return gathered[np.argsort(written, kind="stable")]


def find_written(notes: np.ndarray, grace_ticks: int) -> np.ndarray:
    """Return the tick at which each note of a file is written: a grace note at the note to which it leads.

    Parameters
    ----------
    notes : np.ndarray of SOURCE_NOTE, shape (notes,)
        By their starts.
    grace_ticks : int
    """
    graces = notes["end"] - notes["start"] == grace_ticks
    written, mains = notes["start"].copy(), _places(notes[~graces])
    leads_to: dict[tuple[int, int], int] = {}
    for index in reversed(np.flatnonzero(graces).tolist()):
        start, end, _, _, track = notes[index].tolist()
        tick = end if (track, end) in mains else leads_to.get((track, end), start)
        if tick > start:
            leads_to[track, start] = tick
        written[index] = tick
    return written


def _places(notes: np.ndarray) -> set[tuple[int, int]]:
    """Return in which tracks and when notes begin."""
    return {(track, start) for track, start in notes[["track", "start"]].tolist()}


def say_grace_ticks(grace_ticks: int, ticks_per_beat: int) -> bytes:
    """Return the text by which a file says how long its grace notes last."""
    return f"musicvae: grace notes last {grace_ticks} ticks of {ticks_per_beat} to the beat".encode()


def find_grace_ticks(data: bytes, ticks_per_beat: int) -> int:
    """Return how long the grace notes of a file last; 0 if it does not say it of its ticks to the beat.

    Older files say nothing of these.
    """
    said = _SAYS.search(data)
    return int(said[1]) if said and int(said[2] or ticks_per_beat) == ticks_per_beat else 0
