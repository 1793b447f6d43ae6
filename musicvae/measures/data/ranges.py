"""Many ranges at once on the device: what `midi.songs.ranges` is to arrays, for tensors."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Runs(NamedTuple):
    """Every number of `range(length)` for each length, run after run; both of shape (sum of lengths,)."""

    owner: Tensor  # index of the run that the number belongs to
    number: Tensor


def spread_runs(length: Tensor) -> Runs:
    """Return the numbers of all runs, given their lengths of shape (runs,)."""
    owner = torch.repeat_interleave(torch.arange(len(length), device=length.device), length)
    before = length.cumsum(0) - length  # numbers in the runs before each
    return Runs(owner, torch.arange(len(owner), device=length.device) - before[owner])
