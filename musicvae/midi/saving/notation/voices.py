"""The notes of a staff in a measure as voices: in each, one chord after another.

Conventions
-----------
Times are steps from the beginning of the measure. A chord is all notes that begin and end together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.measure_notes import MeasureNotes

_MIDDLE_C, _OCTAVE, _FAR = 60, 12, 128
_ONE_HAND = 0.1  # share of the notes


class StaffChord(NamedTuple):
    """Notes that begin and end together: their pitches, and which are tied to notes before and after them."""

    start: int
    end: int
    pitches: tuple[int, ...]
    tied_back: frozenset[int]
    tied_on: frozenset[int]

    @property
    def begins(self) -> bool:
        """Whether a note of it is struck."""
        return not self.tied_back.issuperset(self.pitches)


def split_hands(notes: np.ndarray) -> np.ndarray:
    """Say which notes of a keyboard the right hand plays, bool (notes,): all, where one hand can play them.

    Those from middle C on; but notes that begin together and lie within an octave are all played by the
    hand on whose side they lie. One hand can play what has a tenth of its notes at most on the other side of
    middle C, or in which no two that begin together are further apart than an octave.

    Parameters
    ----------
    notes : np.ndarray of NOTE, shape (notes,)
    """
    starts, onset = np.unique(notes["start"], return_inverse=True)
    lowest, highest = np.full(len(starts), 127), np.zeros(len(starts), int)
    np.minimum.at(lowest, onset, notes["pitch"])
    np.maximum.at(highest, onset, notes["pitch"])
    together = (highest - lowest <= _OCTAVE)[onset]
    right: np.ndarray = np.where(together, ((lowest + highest) / 2)[onset], notes["pitch"]) >= _MIDDLE_C
    fewer = min(np.count_nonzero(right), np.count_nonzero(~right))
    if fewer <= _ONE_HAND * len(notes) or np.all(highest - lowest <= _OCTAVE):
        return np.ones(len(notes), bool)
    return right


def share_graces(
    graces: Mapping[int, Sequence[int]], hands: Sequence[np.ndarray]
) -> list[dict[int, list[int]]]:
    """Return the grace notes of each hand by their steps: of the one that strikes the nearest note then.

    Parameters
    ----------
    graces : dict of int to sequence of int
        Pitches by the steps of the notes that they lead to.
    hands : sequence of np.ndarray of NOTE
    """
    shared: list[dict[int, list[int]]] = [{} for _ in hands]
    for step, pitches in graces.items():
        struck = [hand["pitch"][hand["start"] == step].astype(int) for hand in hands]
        for pitch in pitches:
            far = [np.abs(notes - pitch).min(initial=_FAR) for notes in struck]
            shared[int(np.argmin(far))].setdefault(step, []).append(pitch)
    return shared


def split_voices(measure: MeasureNotes, going_on: frozenset[int], length: int) -> list[list[StaffChord]]:
    """Return the voices of a staff in a measure, each as long as it is; silence is a chord of no notes.

    Each chord goes into the first voice that is free; of chords that begin together the highest comes first.

    Parameters
    ----------
    measure : np.ndarray of MEASURE_NOTE
        Of one part.
    going_on : frozenset of int
        Pitches that sound on in the next measure.
    length : int
        Of the measure.
    """
    together: dict[tuple[int, int], list[tuple[int, bool]]] = {}
    for step, lasts, pitch, held in measure[["step", "length", "pitch", "held"]].tolist():
        together.setdefault((step, step + lasts), []).append((pitch, held))
    voices: list[list[StaffChord]] = []
    for (start, end), notes in sorted(together.items(), key=lambda item: (item[0][0], -max(item[1])[0])):
        pitches = tuple(sorted(pitch for pitch, _ in notes))
        tied_back = frozenset(pitch for pitch, held in notes if held)
        chord = StaffChord(
            start, end, pitches, tied_back, going_on & {*pitches} if end == length else frozenset()
        )
        free = next((voice for voice in voices if voice[-1].end <= start), None)
        if free is None:
            voices.append([chord])
        else:
            free.append(chord)
    return [_fill(voice, length) for voice in voices or [[]]]


def _fill(voice: list[StaffChord], length: int) -> list[StaffChord]:
    """Return a voice with silence where nothing sounds."""
    filled: list[StaffChord] = []
    now = 0
    for chord in [*voice, StaffChord(length, length, (), frozenset(), frozenset())]:
        if chord.start > now:
            filled.append(StaffChord(now, chord.start, (), frozenset(), frozenset()))
        filled.append(chord)
        now = chord.end
    return filled[:-1]
