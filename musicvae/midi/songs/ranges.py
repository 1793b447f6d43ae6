"""Many ranges at once: numpy's missing `for first, length in ...: range(first, first + length)`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Ranges(NamedTuple):
    """Every number of every range, range after range; both of shape (sum of lengths,)."""

    owner: np.ndarray  # index of the range that the number belongs to
    number: np.ndarray


def concat_ranges(first: np.ndarray, length: np.ndarray) -> Ranges:
    """Return the numbers of all ranges, given their first numbers and their lengths (0 or more).

    Parameters
    ----------
    first, length : np.ndarray of int, shape (ranges,)
    """
    owner = np.repeat(np.arange(len(first)), length)
    before = np.cumsum(length, dtype=np.int64) - length  # numbers in the ranges before each
    return Ranges(owner, np.arange(len(owner)) + (np.asarray(first, np.int64) - before)[owner])
