"""Which coordinates of a code say anything."""

from __future__ import annotations

from torch import Tensor

# A coordinate whose posterior mean varies less than this over the data says nothing
# (Burda et al. 2016, section 5).
ACTIVE_VARIANCE = 0.01


def count_active(codes: Tensor) -> int:
    """Return how many coordinates of codes (items, Z) vary from item to item."""
    return int((codes.var(0, correction=0) > ACTIVE_VARIANCE).sum())
