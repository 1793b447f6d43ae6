"""Notes that sound, tied ones joined.

Conventions
-----------
A note that goes on ("_", "]") takes up one of its pitch whose tie is open: one that ends where it begins,
before one that ended earlier, but not before the measure before (an arpeggio written out, a rest that fills
a path); of these one of the same path, then of the same spine, then of any.
"""

from __future__ import annotations

from dataclasses import dataclass

from musicvae.midi.reading.scores.humdrum.spines import SpinePath


@dataclass(eq=False)
class JoinedNote:
    """A note from its first token to its last, in units."""

    start: int
    end: int
    pitch: int


@dataclass(eq=False)
class OpenTie:
    """A note that is to go on, and the path in which it was last seen."""

    note: JoinedNote
    path: SpinePath


class Ties:
    """The ties that are open."""

    def __init__(self) -> None:
        self._open: dict[int, list[OpenTie]] = {}

    def open(self, note: JoinedNote, path: SpinePath) -> None:
        """Let a note go on."""
        ties = self._open.setdefault(note.pitch, [])
        ties[:] = [tie for tie in ties if tie.path is not path]
        ties.append(OpenTie(note, path))

    def close(self, pitch: int, start: int, earliest: int, path: SpinePath) -> JoinedNote | None:
        """Return the note that one of this pitch goes on, None if there is none; its tie is closed.

        Parameters
        ----------
        pitch : int
        start : int
            Where the second note begins.
        earliest : int
            Where the first may end.
        path : SpinePath
        """
        ties = self._open.get(pitch, [])
        fitting = [tie for tie in ties if tie.note.end == start or earliest <= tie.note.end < start]
        if not fitting:
            return None
        best = max(
            fitting,
            key=lambda tie: (tie.note.end == start, tie.path is path, tie.path.spine is path.spine),
        )
        ties.remove(best)
        return best.note
