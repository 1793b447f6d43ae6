"""How the weight of the KL rises: as far as the codes are worth it, and never so that they are emptied.

By the clock a weight rises whether or not the decoder makes anything of the codes; where it does not yet, the
KL meets no resistance and empties them ("posterior collapse": Bowman et al. 2016). So the codes' *worth* is
measured in the course of training: what the decoder would pay without them, less what it pays with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

SPEAKS = 0.15  # the share of what there is to say from which on codes say something
FIRST = 0.2  # of the whole weight: what codes have been used to, where something cheaper was learned before
WAIT = 5  # looks before the rise: a decoder that has just begun finds everything unlikely without codes
_LEAST = 0.02  # from which it rises again after a fall
_UP, _DOWN = 1.4, 0.8  # how the weight changes at each look
_KEPT = 0.9  # of their best share so far: below it the codes are being emptied
_MEMORY = 0.8  # of the running mean, a look


class Worth(NamedTuple):
    """What items cost with their codes and without them, nats an item."""

    given: float
    without: float

    @property
    def nats(self) -> float:
        """What the codes spare."""
        return self.without - self.given

    @property
    def share(self) -> float:
        """What they spare, as a share of what there is to say; NaN where nothing is known."""
        return self.nats / self.without if self.without > 0 else math.nan


@dataclass
class KLRise:
    """The weight of the KL, and what it depends on.

    Parameters
    ----------
    weight : float
        As a share of the whole weight.
    share : float
        Running mean of the share of what there is to say that the codes say.
    best : float
        The largest it was after the first `WAIT` looks.
    looks : int
        So far.
    """

    weight: float = FIRST
    share: float = math.nan
    best: float = 0.0
    looks: int = 0

    def look(self, worth: Worth) -> None:
        """Take in what codes are worth now, and let the weight rise or fall."""
        if math.isnan(worth.share):
            return
        self.looks += 1
        if self.looks <= WAIT:
            self.share = worth.share
            return
        self.share = _MEMORY * self.share + (1 - _MEMORY) * worth.share
        self.best = max(self.best, self.share)
        if self.share < _KEPT * self.best or self.share < SPEAKS:
            self.weight *= _DOWN
        else:
            self.weight = min(1.0, max(_LEAST, self.weight * _UP))
