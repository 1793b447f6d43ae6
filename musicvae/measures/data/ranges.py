"""Many ranges at once on the device: what `midi.songs.ranges` is to arrays, for tensors."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Spread(NamedTuple):
    """Every number of every span, span after span; both of shape (sum of lengths,)."""

    owner: Tensor  # index of the span that the number belongs to
    position: Tensor  # the number


def spread_spans(length: Tensor) -> Spread:
    """Return the numbers of all spans that begin at 0, given their lengths of shape (spans,)."""
    owner = torch.repeat_interleave(torch.arange(len(length), device=length.device), length)
    before = length.cumsum(0) - length  # numbers in the spans before each
    return Spread(owner, torch.arange(len(owner), device=length.device) - before[owner])
