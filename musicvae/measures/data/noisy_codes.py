"""What the decoder is told of measures: a code, and how far the measure may leave it.

The *freedom* of a measure is the noise level of its code, 0 to 1. At 0 the code is told as it is, at 1
the decoder is told that there is none, and between them the code is mixed with noise::

    cos(pi f / 2) z + sin(pi f / 2) e,    e from N(0, I)

(variance-preserving, as in diffusion models: Nichol & Dhariwal 2021). The decoder is told the level
too, so one network says measures back, makes something alike, and goes on without any code.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.core.chance import standard_normal, uniform
from musicvae.measures.data.batch import Layout


class NoisyCodes(NamedTuple):
    """Codes of measures as the decoder is told them, and their freedom."""

    code: Tensor  # (B * N, Z); ignored where the freedom is 1
    freedom: Tensor  # (B * N,) from 0 to 1

    @property
    def given(self) -> Tensor:
        """Which measures have a code at all, bool, shape (B * N,)."""
        return self.freedom < 1

    def of(self, rows: Sequence[int]) -> NoisyCodes:
        """Return some rows of them, in any order, one as often as it is named."""
        return NoisyCodes(self.code[list(rows)], self.freedom[list(rows)])


def exact(code: Tensor) -> NoisyCodes:
    """Return codes (B * N, Z) that are to be followed as they are."""
    return NoisyCodes(code, code.new_zeros(len(code), dtype=torch.float32))


def absent(code: Tensor) -> NoisyCodes:
    """Return codes that say nothing, as many as these, (B * N, Z)."""
    return NoisyCodes(code, code.new_ones(len(code), dtype=torch.float32))


def add_noise(code: Tensor, freedom: Tensor, generator: torch.Generator | None = None) -> NoisyCodes:
    """Return codes with as much noise as their freedom says.

    Parameters
    ----------
    code : Tensor, shape (..., Z)
    freedom : Tensor, shape (...)
    generator : torch.Generator, optional
    """
    return NoisyCodes(mix(code, standard_normal(code.shape, generator, code), freedom), freedom)


def mix(code: Tensor, noise: Tensor, freedom: Tensor) -> Tensor:
    """Return codes (..., Z) mixed with noise of the same shape, by their freedom (...)."""
    angle = (freedom * (math.pi / 2)).unsqueeze(-1)
    return angle.cos() * code + angle.sin() * noise


def noise_to_freedom(share: float) -> float:
    """Return the freedom at which this share of a code's variance is noise, both from 0 to 1.

    Little changes below a freedom of a third and above four fifths; by the share of noise a measure
    leaves its code evenly.
    """
    return 2 / math.pi * math.asin(math.sqrt(share))


def draw_freedom(layout: Layout, generator: torch.Generator | None = None) -> Tensor:
    """Return how free each measure is in a step of training, shape (B * N,).

    Of the windows 45 % are told their codes, 25 % none, 15 % all codes at one level, and 15 % each
    measure's as it comes: told, withheld, or at a level of its own.
    """
    device = layout.measure_steps.device
    kind, level = uniform((2, layout.windows, 1), generator, device)
    coin, own = uniform((2, layout.windows, layout.measures), generator, device)
    mixed = torch.where(coin < 1 / 3, 0.0, torch.where(coin < 2 / 3, 1.0, own))
    rough = torch.where(kind < 0.85, level, mixed)
    freedom = torch.where(kind < 0.45, 0.0, torch.where(kind < 0.7, 1.0, rough))
    return freedom.expand_as(own).flatten()
