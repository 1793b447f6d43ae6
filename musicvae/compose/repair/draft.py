"""A passage with the errors found so far put right, in which a further one is looked for."""

from __future__ import annotations

import numpy as np

from musicvae.compose.repair.given_notes import GivenNotes
from musicvae.compose.repair.passage import NEW, Scope

UNHEARD_OF = -6.0  # what is expected less is no more improbable: the error itself may be why


class Draft:
    """Such a passage, and what the decoder expects in its first measure.

    Parameters
    ----------
    notes : np.ndarray of TRACED
    expected : np.ndarray, shape (steps of the measure, parts, 128)
        As `NoteDecoder.expect` returns, of these notes.
    scope : Scope
    given : GivenNotes
    """

    def __init__(self, notes: np.ndarray, expected: np.ndarray, scope: Scope, given: GivenNotes) -> None:
        self.notes, self.scope, self.given, self.channel = notes, scope, given, given.channel
        self.expected = np.maximum(expected, UNHEARD_OF)
        self.is_new = notes["source"] == NEW
        self.start = notes["start"].astype(int)
        self.end = self.start + notes["length"]
        self.part, self.pitch = notes["part"].astype(int), notes["pitch"].astype(int)

    def expects(self, step: int, part: int, pitch: int) -> float:
        """Return how much an onset was expected; in later measures nobody knows."""
        step -= self.scope.first
        return float(self.expected[step, part, pitch]) if step < len(self.expected) else UNHEARD_OF / 2

    def is_line(self, note: int) -> bool:
        """Say whether a note is one of a line."""
        return self.part[note] in self.scope.lines

    def replace(self, note: int, **changes: int) -> np.ndarray:
        """Return the notes with some fields of one of them changed."""
        notes = self.notes.copy()
        for name, value in changes.items():
            notes[name][note] = value
        return notes

    def charge(self, note: int, cost: float) -> float:
        """Return about what an error in a note costs: nothing in one that was not given."""
        return 0.0 if self.is_new[note] else cost
