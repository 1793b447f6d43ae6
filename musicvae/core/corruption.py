"""The second choice: what is done to the input before it is encoded. A DAE is an AE with one of these."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor

from musicvae.core.chance import standard_normal, uniform

X = TypeVar("X")
Corruption = Callable[[X, torch.Generator | None], X]


def keep(x: X, generator: torch.Generator | None = None) -> X:
    """Return the input as it is: the corruption of AE and VAE."""
    return x


def gaussian_noise(std: float) -> Corruption[Tensor]:
    """Return a corruption that adds noise of this standard deviation (Vincent et al. 2010)."""
    if std < 0:
        raise ValueError(f"the noise's standard deviation cannot be negative, got {std}")

    def corrupt(x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        return x + std * standard_normal(x.shape, generator, x)

    return corrupt


def dropped_cells(rate: float) -> Corruption[Tensor]:
    """Return a corruption that sets this share of the cells to 0 ("masking noise", Vincent et al. 2010)."""
    if not 0 <= rate < 1:
        raise ValueError(f"the share of dropped cells must lie in [0, 1), got {rate}")

    def corrupt(x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        kept = uniform(x.shape, generator, x.device) >= rate
        return x * kept.to(x)

    return corrupt


def clipped(corruption: Corruption[Tensor], low: float = 0.0, high: float = 1.0) -> Corruption[Tensor]:
    """Return a corruption whose results are brought back between two values, as a camera's are."""

    def corrupt(x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        return corruption(x, generator).clamp(low, high)

    return corrupt


def in_turn(*corruptions: Corruption[X]) -> Corruption[X]:
    """Return a corruption that does several, one after another; of none, `keep`."""

    def corrupt(x: X, generator: torch.Generator | None = None) -> X:
        for each in corruptions:
            x = each(x, generator)
        return x

    return corrupt
