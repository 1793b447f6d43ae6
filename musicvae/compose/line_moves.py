"""Where a note of a line may have been before it was moved: in a hole that it left.

A line sounds one note at a time and seldom pauses. A note that was moved leaves a hole, or widens one, and
cuts short what it falls into. So it is put back into each hole near it, and where it was the note goes on
that it had cut.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from musicvae.compose.passage import Place

NEAR = 4  # steps by which a note is moved back, at most


def find_line_moves(notes: np.ndarray, line: int, place: Place) -> Iterator[np.ndarray]:
    """Yield the passage with a note of a line put back into a hole, in every way.

    Notes are moved out of the measure, into it or within it.

    Parameters
    ----------
    notes : np.ndarray of TRACED
        A settled passage.
    line : int
        The part.
    place : Place
    """
    mine = np.flatnonzero(notes["part"] == line)
    starts = notes["start"][mine].astype(int)
    stops = starts + notes["length"][mine]
    near = (starts >= place.first) & (starts < place.after + NEAR)
    for at in np.flatnonzero(near).tolist():
        others = np.delete(np.arange(len(mine)), at)
        room = _Room(starts[others], stops[others], place)
        last = place.end if starts[at] < place.after else place.after
        for to in range(max(place.first, starts[at] - NEAR), min(last, starts[at] + NEAR + 1)):
            if room.can_take(to, int(starts[at]), int(stops[at])):
                for length in room.lengths(to, int(starts[at]), int(stops[at])):
                    moved = notes.copy()
                    moved["start"][mine[at]], moved["length"][mine[at]] = to, length
                    yield moved
                    if at and stops[at - 1] == starts[at]:  # the note before was cut by it
                        for stop in room.stops(int(starts[at - 1]), to, int(stops[at])):
                            longer = moved.copy()
                            longer["length"][mine[at - 1]] = stop - starts[at - 1]
                            yield longer


class _Room:
    """Where a line is silent but for one note, by when the others begin and end."""

    def __init__(self, starts: np.ndarray, stops: np.ndarray, place: Place) -> None:
        self.starts, self.stop, self.place = starts, stops, place

    def can_take(self, to: int, start: int, stop: int) -> bool:
        """Say whether a note from start to stop fits into a hole that holds another step."""
        if start <= to < stop:  # its own place, which is wider than the note if silence follows
            return to > start and self.until(start) > stop
        return not ((self.starts <= to) & (self.stop > to)).any()

    def until(self, step: int) -> int:
        """Return when the next note begins after a step, or the passage ends."""
        return int(self.starts[self.starts > step].min(initial=self.place.end))

    def lengths(self, to: int, start: int, stop: int) -> list[int]:
        """Return what a note from start to stop may last from another step on.

        As long as it lasts now, until its end, or until the next note or the barline.
        """
        barline = self.place.after if to < self.place.after else self.place.end
        ends = {to + stop - start, min(self.until(to), barline), stop}
        return sorted(end - to for end in ends if to < end <= max(self.place.end, stop))

    def stops(self, start: int, to: int, stop: int) -> list[int]:
        """Return when the note before, which was cut, may end: where the moved one did, or at the next."""
        following = [int(step) for step in (*self.starts, to) if step > start]
        return sorted({stop, min([*following, self.place.end])})
