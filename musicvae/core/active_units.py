"""Which coordinates of a code say anything."""

from __future__ import annotations

import torch
from torch import Tensor

# A coordinate whose posterior mean varies less than this over the data says nothing
# (Burda et al. 2016, section 5).
ACTIVE_VARIANCE = 0.01


def count_active(codes: Tensor) -> int:
    """Return how many coordinates of codes (items, Z) vary from item to item."""
    spread = CodeSpread()
    spread.add(codes)
    return spread.count_active()


class CodeSpread:
    """How far the coordinates of codes vary, of codes that come bit by bit and are not kept."""

    def __init__(self) -> None:
        self.items = 0
        self.total: Tensor | float = 0.0  # (Z,) of the codes
        self.squares: Tensor | float = 0.0  # (Z,) of their squares

    def add(self, codes: Tensor) -> None:
        """Take in codes (items, Z)."""
        double = codes.double()
        self.items += len(double)
        self.total = self.total + double.sum(0)
        self.squares = self.squares + double.square().sum(0)

    def count_active(self) -> int:
        """Return how many coordinates vary from item to item."""
        if not self.items:
            return 0
        variance = torch.as_tensor(self.squares / self.items - (self.total / self.items) ** 2)
        return int((variance > ACTIVE_VARIANCE).sum())
