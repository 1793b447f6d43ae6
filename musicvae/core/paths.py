"""Paths between codes."""

from __future__ import annotations

import torch
from torch import Tensor

_NEARLY_PARALLEL = 1e-4  # radians


def slerp(start: Tensor, end: Tensor, weight: Tensor) -> Tensor:
    """Return codes on the great circle between two codes (Shoemake 1985; White 2016, section 2.1).

    Codes of many dimensions lie near a sphere, and a straight line would leave it. The length goes
    from the one's to the other's evenly. Where the codes are parallel, or one is zero, the path is
    straight; between opposite codes any circle serves, and the straight line is taken too.

    Parameters
    ----------
    start, end : Tensor, shape (..., Z)
    weight : Tensor, shape (...)
        0 gives `start`, 1 gives `end`.
    """
    weight = weight.unsqueeze(-1)
    straight = torch.lerp(start, end, weight)
    start_norm, end_norm = start.norm(dim=-1, keepdim=True), end.norm(dim=-1, keepdim=True)
    tiny = torch.finfo(start.dtype).tiny
    from_unit, to_unit = start / start_norm.clamp(min=tiny), end / end_norm.clamp(min=tiny)
    # Stable for small and large angles alike, unlike the arc cosine of the product.
    apart, together = ((from_unit + sign * to_unit).norm(dim=-1, keepdim=True) for sign in (-1, 1))
    angle = 2 * torch.atan2(apart, together)
    sine = angle.sin()
    along = ((1 - weight) * angle).sin() * from_unit + (weight * angle).sin() * to_unit
    curved = along / sine.clamp(min=tiny) * torch.lerp(start_norm, end_norm, weight)
    inside = (weight > 0) & (weight < 1)  # the straight line has both ends exactly
    usable = inside & (sine > _NEARLY_PARALLEL) & (start_norm > tiny) & (end_norm > tiny)
    return torch.where(usable, curved, straight)
