"""What the decoder remembers of songs at a barline: all it needs to go on with them.

B songs are read or written side by side. A memory can be copied from one to many of them and back
(`select`, `put`), which is how several ways to go on are tried from one place.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.measures.look_back import Past


class Memory(NamedTuple):
    """State of the recurrence and what there is to look back at, for B songs."""

    recurrent: tuple[Tensor, ...]  # of each block, (B, H)
    pasts: tuple[Past, ...]  # of each block that looks back
    heard: Tensor  # (B, H) what began at the last step
    ringing: Tensor  # (B, V) bool: what sounded until the barline
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

    def trim(self, steps: int) -> Memory:
        """Return it with no more than so many steps to look back at."""
        return self._replace(pasts=tuple(_trim(past, steps) for past in self.pasts))


def interleave(first: Memory, second: Memory, order: Tensor) -> Memory:
    """Return the songs of two memories as one; the order counts the first one's songs, then the second's."""
    return _join(first, second).select(order)


def _join(first: Memory, second: Memory) -> Memory:
    pasts = zip(first.pasts, second.pasts, strict=True)
    return Memory(
        tuple(torch.cat(states) for states in zip(first.recurrent, second.recurrent, strict=True)),
        tuple(Past(*(torch.cat(fields) for fields in zip(a, b, strict=True))) for a, b in pasts),
        torch.cat([first.heard, second.heard]),
        torch.cat([first.ringing, second.ringing]),
        torch.cat([first.measures, second.measures]),
    )


def _trim(past: Past, steps: int) -> Past:
    """Keep the first step, which is no step but the choice to find nothing, and the last ones."""
    if past.measure.shape[1] <= steps + 1:
        return past

    def kept(field: Tensor, dim: int) -> Tensor:
        size = field.shape[dim]
        return torch.cat([field.narrow(dim, 0, 1), field.narrow(dim, size - steps, steps)], dim=dim)

    return Past(kept(past.key, 2), kept(past.value, 2), kept(past.measure, 1))
