"""Many ranges at once: numpy's missing `for first, length in ...: range(first, first + length)`.

Conventions
-----------
A span is a run of whole numbers, given by its first one and its length (0 or more).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Spread(NamedTuple):
    """Every number of every span, span after span; both of shape (sum of lengths,)."""

    owner: np.ndarray  # index of the span that the number belongs to
    position: np.ndarray  # the number


def spread_spans(first: np.ndarray, length: np.ndarray) -> Spread:
    """Return the numbers of all spans.

    Parameters
    ----------
    first, length : np.ndarray of int, shape (spans,)
    """
    owner = np.repeat(np.arange(len(first)), length)
    before = np.cumsum(length, dtype=np.int64) - length  # numbers in the spans before each
    position = np.arange(len(owner)) + (np.asarray(first, np.int64) - before)[owner]
    return Spread(owner, position)
