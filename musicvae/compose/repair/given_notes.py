"""What was given, and what the noisy channel takes for making it of other notes.

Every note of a passage knows which given note it is, if any (`passage`): so what must have gone wrong is read
off the passage and the given notes alone, whatever way led there, and a change that is undone costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from musicvae.compose.repair.noise_channel import NoiseChannel
from musicvae.compose.repair.passage import NEW, Scope, settle, trace
from musicvae.midi.songs.song import Song


class Repair(NamedTuple):
    """A passage as it may have been, and log p(given | it) less what it is if nothing was wrong, nats."""

    notes: np.ndarray
    cost: float


class GivenNotes:
    """The notes of a song as they were given.

    Parameters
    ----------
    song : Song
    lines : sequence of int
        Parts that sound one note at a time.
    channel : NoiseChannel
    """

    def __init__(self, song: Song, lines: Sequence[int], channel: NoiseChannel) -> None:
        self.notes, self.channel = trace(song.notes), channel
        self.extra = channel.extra(len(song.notes), song.steps)
        self.is_cut = _find_cut(song.notes, lines)

    def wrong_share(self, notes: np.ndarray) -> float:
        """Return the share of notes given wrongly, one at least, if these are the song's."""
        now = notes[notes["source"] != NEW]
        was = self.notes[now["source"]]
        moved = (now["pitch"] != was["pitch"]) | (now["start"] != was["start"])
        dropped, extra = len(notes) - len(now), len(self.notes) - len(now)
        return max(1, dropped + extra + int(moved.sum())) / max(1, len(notes))

    def repair(self, notes: np.ndarray, scope: Scope) -> Repair | None:
        """Return a passage with what it costs; None if it cannot be, since notes of a line begin together."""
        settled = settle(notes, scope.lines)
        return None if settled is None else Repair(settled, self.log_prob(settled, scope.sources))

    def restore(self, notes: np.ndarray, scope: Scope) -> np.ndarray:
        """Return a passage with the notes of its first measure as they were given.

        What belongs to measures before it now, or did when it was given, stays as it is.
        """
        given, is_new = self.notes["start"], notes["source"] == NEW
        own = scope.holds(notes["start"]) & (is_new | (given[notes["source"]] >= scope.first))
        mine = scope.sources[scope.holds(given[scope.sources])]
        earlier = notes["source"][notes["start"] < scope.first]
        back = np.union1d(np.setdiff1d(mine, earlier), notes["source"][own & ~is_new])
        return np.concatenate([notes[~own & ~np.isin(notes["source"], back)], self.notes[back]])

    def log_prob(self, notes: np.ndarray, sources: np.ndarray) -> float:
        """Return log p(given | notes), less what it is if nothing had gone wrong; nats.

        Parameters
        ----------
        notes : np.ndarray of TRACED
        sources : np.ndarray of int
            The given notes that this is about; those that no note comes from were never there.
        """
        now = notes[notes["source"] != NEW]
        was = self.notes[now["source"]]
        dropped, extra = len(notes) - len(now), len(np.setdiff1d(sources, now["source"]))
        longer = now["length"] - was["length"]
        # In a line what cut a note short is not the note's own error, and that has gone wrong already.
        longer[(longer > 0) & self.is_cut[now["source"]]] = 0
        errors = (
            (self.channel.repitched, now["pitch"] - was["pitch"]),
            (self.channel.shifted, now["start"] - was["start"]),
            (self.channel.stretched, longer),
        )
        costs = sum(cost(int(size)) for cost, sizes in errors for size in sizes[sizes != 0])
        return costs + dropped * self.channel.dropped + extra * self.extra


def _find_cut(notes: np.ndarray, lines: Sequence[int]) -> np.ndarray:
    """Say of each note whether it is one of a line and ends where the next begins."""
    is_cut = np.zeros(len(notes), bool)
    for line in lines:
        mine = np.flatnonzero(notes["part"] == line)
        ends = notes["start"][mine] + notes["length"][mine]
        is_cut[mine[:-1]] = ends[:-1] == notes["start"][mine[1:]]
    return is_cut
