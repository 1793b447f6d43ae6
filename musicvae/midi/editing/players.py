"""Who plays the notes of a model's part: the tracks and channels of the file that gave it its notes.

Conventions
-----------
A *player* is a channel within a track (`TrackChannel`). A new note goes to

- drums: the player that strikes its key most;
- all others: the player whose notes lie nearest to it in pitch, on average;

by the notes that they gave the part in the measures around; where they all rest there, by those of the whole
song. It is as loud as half of the player's notes around are, a drum as those of its key, but no softer than
half of what is usual in the whole song: what fades out is not meant to go on in silence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from musicvae.midi.editing.file_notes import FileNote, TrackChannel
from musicvae.midi.songs.source import Source

AROUND = 4  # measures on either side of new ones, by which it is decided who plays them and how loud


class Played(NamedTuple):
    """What one player gave a part, in arrays of shape (notes,)."""

    player: TrackChannel
    start: np.ndarray  # steps
    pitch: np.ndarray
    velocity: np.ndarray

    def select(self, chosen: np.ndarray) -> Played:
        """Return some of it."""
        return self._replace(
            start=self.start[chosen], pitch=self.pitch[chosen], velocity=self.velocity[chosen]
        )


def find_players(source: Source, notes: Iterable[FileNote]) -> tuple[TrackChannel | None, ...]:
    """Return who plays each track of a source; None if nobody does.

    A track of a source has one program, a player may have several; so one player may play several.
    """
    at: defaultdict[tuple[int, int], list[TrackChannel]] = defaultdict(list)
    for note in notes:
        at[note.start, note.pitch].append(note.player)
    votes = [Counter[TrackChannel]() for _ in source.tracks]
    for start, pitch, track in source.notes[["start", "pitch", "track"]].tolist():
        votes[track].update(set(at[start, pitch]))
    players: list[TrackChannel | None] = []
    for counts in votes:
        # Tracks that say the same thing stand in the order of their players.
        order = sorted(counts, key=lambda player: (-counts[player], player in players, player))
        players.append(order[0] if order else None)
    return tuple(players)


def choose_player(played: Sequence[Played], pitch: int, is_drums: bool) -> Played:
    """Return who of those who play a part plays a new note of it.

    Parameters
    ----------
    played : sequence of Played
        One or more, each with notes.
    pitch : int
    is_drums : bool
    """
    if is_drums:
        return max(played, key=lambda each: int(np.count_nonzero(each.pitch == pitch)))
    return min(played, key=lambda each: float(np.abs(each.pitch - pitch).mean()))


def choose_velocity(near: Played, everywhere: Played, pitch: int, is_drums: bool) -> int:
    """Return how loud a new note is.

    Parameters
    ----------
    near, everywhere : Played
        What its player plays around, and in the whole song.
    pitch : int
    is_drums : bool
    """
    usual, softest = (_usual_velocity(played, pitch, is_drums) for played in (near, everywhere))
    return max(usual, softest // 2)


def _usual_velocity(played: Played, pitch: int, is_drums: bool) -> int:
    """Return how loud a player's notes are, half of them softer; a drum's are those of its key."""
    same = played.velocity[played.pitch == pitch]
    return int(np.median(same if is_drums and len(same) else played.velocity))


def take_around(played: Sequence[Played], nearby: range, new: range) -> list[Played]:
    """Return who plays in the measures around new ones, and what; all if nobody does.

    Parameters
    ----------
    played : sequence of Played
    nearby, new : range
        Steps of the measures around, the new ones among them, and of these.
    """
    around = []
    for each in played:
        is_near = [step in nearby and step not in new for step in each.start.tolist()]
        if any(is_near):
            around.append(each.select(np.array(is_near)))
    return around or list(played)
