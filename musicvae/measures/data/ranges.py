"""Many ranges at once on the device: what `midi.songs.ranges` is to arrays, for tensors."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class RangesOnDevice(NamedTuple):
    """Every number of every range, range after range; both of shape (sum of lengths,)."""

    owner: Tensor  # index of the range that the number belongs to
    number: Tensor


def concat_ranges(length: Tensor) -> RangesOnDevice:
    """Return the numbers of all ranges that begin at 0, given their lengths of shape (ranges,)."""
    owner = torch.repeat_interleave(torch.arange(len(length), device=length.device), length)
    before = length.cumsum(0) - length  # numbers in the ranges before each
    return RangesOnDevice(owner, torch.arange(len(owner), device=length.device) - before[owner])
