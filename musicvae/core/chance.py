"""Draws for tensors, such that a seed means the same everywhere.

A generator may live on the CPU whatever the device of the tensors: what is drawn by it is moved.
"""

from __future__ import annotations

import torch
from torch import Tensor

Shape = torch.Size | tuple[int, ...]


def standard_normal(shape: Shape, generator: torch.Generator | None, like: Tensor) -> Tensor:
    """Return draws from N(0, 1) of the given shape, on the device and of the type of `like`."""
    source = generator.device if generator is not None else like.device
    return torch.randn(shape, generator=generator, device=source).to(like)


def uniform(shape: Shape, generator: torch.Generator | None, device: torch.device) -> Tensor:
    """Return float32 draws from [0, 1) of the given shape, on a device."""
    source = generator.device if generator is not None else device
    return torch.rand(shape, generator=generator, device=source).to(device)
