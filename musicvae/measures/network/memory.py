"""What a decoder of measures remembers of songs at a barline: all it needs to go on.

B songs are read or written side by side. A memory can be copied from one to many of them and back
(`select`, `join_memories`), which is how several ways to go on are tried from one place.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.measures.data.batch import Notes
from musicvae.measures.network.look_back import Past, lengthen


class Memory(NamedTuple):
    """State of the recurrence and what there is to look back at, for B songs.

    Of a decoder that does not hear the song all is empty but the count of measures.
    """

    recurrent: tuple[Tensor, ...]  # of each block, (B, H)
    pasts: tuple[Past, ...]  # of each block that looks back
    heard: Tensor  # (B, H) what was said at the last row
    ringing: Tensor  # (B, L) bool: what sounded until the barline
    measures: Tensor  # (B,) measures read or written so far

    def select(self, songs: Tensor) -> Memory:
        """Return the memory of some songs, in any order, one as often as it is named; shape (b,)."""
        return Memory(
            tuple(state[songs] for state in self.recurrent),
            tuple(Past(*(field[songs] for field in past)) for past in self.pasts),
            self.heard[songs],
            self.ringing[songs],
            self.measures[songs],
        )

    def trim(self, reach: int) -> Memory:
        """Return it without the rows that lie too far back for the next measure of every song."""
        return self._replace(pasts=tuple(_trim(past, self.measures - reach) for past in self.pasts))


class Written(NamedTuple):
    """Notes of some measures, and the memory after them."""

    notes: Notes
    memory: Memory


def join_memories(first: Memory, second: Memory) -> Memory:
    """Return the songs of one memory and then those of another."""
    pasts = zip(first.pasts, second.pasts, strict=True)
    return Memory(
        tuple(torch.cat(states) for states in zip(first.recurrent, second.recurrent, strict=True)),
        tuple(_join_pasts(ours, theirs) for ours, theirs in pasts),
        torch.cat([first.heard, second.heard]),
        torch.cat([first.ringing, second.ringing]),
        torch.cat([first.measures, second.measures]),
    )


def _join_pasts(first: Past, second: Past) -> Past:
    """Return two pasts as one; measures of other lengths leave the shorter with rows that nobody sees."""
    most = max(first.measure.shape[1], second.measure.shape[1])
    both = [lengthen(past, most - past.measure.shape[1]) for past in (first, second)]
    return Past(*(torch.cat(fields) for fields in zip(*both, strict=True)))


def _trim(past: Past, far: Tensor) -> Past:
    """Keep the rows after some measure of each song, (B,), as far as one song needs them."""
    # Not so many rows: songs of short measures have theirs far apart, with padding between.
    kept = (past.measure > far.unsqueeze(1)).any(0)
    if kept.all():
        return past
    return Past(past.key[:, :, kept], past.value[:, :, kept], past.measure[:, kept])
