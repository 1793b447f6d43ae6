"""Where a note of a line may have been before it was moved: in a hole that it left.

A line sounds one note at a time and seldom pauses. A note that was moved leaves a hole, or widens one, and
cuts short what it falls into. So it is put back into each hole near it, and where it was the note goes on
that it had cut.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from musicvae.compose.repair.passage import Scope

NEAR = 4  # sixteenths by which a note is moved back, at most


def find_line_moves(notes: np.ndarray, line: int, scope: Scope) -> Iterator[np.ndarray]:
    """Yield the passage with a note of a line put back into a hole, in every way.

    Notes are moved out of the measure, into it or within it.

    Parameters
    ----------
    notes : np.ndarray of TRACED
        A settled passage.
    line : int
        The part.
    scope : Scope
    """
    mine = np.flatnonzero(notes["part"] == line)
    starts = notes["start"][mine].astype(int)
    stops = starts + notes["length"][mine]
    near = (starts >= scope.first) & (starts < scope.after + NEAR * scope.sixteenth)
    for at in np.flatnonzero(near).tolist():
        line_without = _LineWithout(starts, stops, at, scope)
        before = mine[at - 1] if at and stops[at - 1] == starts[at] else None  # it was cut by this note
        for to, length in line_without.fits():
            moved = notes.copy()
            moved["start"][mine[at]], moved["length"][mine[at]] = to, length
            yield moved
            for longer in line_without.lengths_before(to) if before is not None else ():
                both = moved.copy()
                both["length"][before] = longer
                yield both


class _LineWithout:
    """A line from which one note is lifted, and the holes where that may belong."""

    def __init__(self, starts: np.ndarray, stops: np.ndarray, note: int, scope: Scope) -> None:
        self.start, self.stop = int(starts[note]), int(stops[note])
        self.before = int(starts[note - 1]) if note else None
        self.starts, self.stops = np.delete(starts, note), np.delete(stops, note)
        self.scope = scope

    def fits(self) -> Iterator[tuple[int, int]]:
        """Yield steps at which the note may begin, and what it may last there."""
        for to in self.scope.starts_near(self.start, NEAR):
            if self._is_in_hole(to):
                for end in sorted(self._ends(to)):
                    if to < end <= max(self.scope.end, self.stop):
                        yield to, end - to

    def lengths_before(self, to: int) -> list[int]:
        """Return what the note before may last, which was cut, if this one goes: as far as it did, or on."""
        if self.before is None:
            return []
        following = [int(step) for step in (*self.starts, to) if step > self.before]
        return sorted(end - self.before for end in {self.stop, min([*following, self.scope.end])})

    def _is_in_hole(self, to: int) -> bool:
        """Say whether the note fits into a hole that holds another step."""
        if self.start <= to < self.stop:  # its own place, which is wider than the note if silence follows
            return to > self.start and self._until(self.start) > self.stop
        return not ((self.starts <= to) & (self.stops > to)).any()

    def _ends(self, to: int) -> set[int]:
        """Return when the note may end: after its own length, as now, or at the next one or the barline."""
        barline = self.scope.after if to < self.scope.after else self.scope.end
        return {to + self.stop - self.start, self.stop, min(self._until(to), barline)}

    def _until(self, step: int) -> int:
        """Return when the next note begins after a step, or the passage ends."""
        return int(self.starts[self.starts > step].min(initial=self.scope.end))
