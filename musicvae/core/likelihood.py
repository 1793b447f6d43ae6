"""The third choice: how likely a tensor is under what a network says about each of its cells.

A likelihood reads a network's output (B, parameters * C, ...) as the parameters of one distribution
for each cell of x (B, C, ...). Decoders with a likelihood of their own, such as the note decoder,
do without.
"""

from __future__ import annotations

import math
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from musicvae.core.chance import standard_normal, uniform


class Likelihood(Protocol):
    """What `LikelihoodDecoder` asks of a distribution."""

    parameters: int

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        """Return log p(x) in nats, summed over cells, shape (B,)."""

    def mean(self, output: Tensor) -> Tensor:
        """Return the expected x."""

    def sample(self, output: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Return a drawn x."""


class Bernoulli:
    """Cells that are 0 or 1; the output is their logits."""

    parameters = 1

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        """Return log p(x) in nats, shape (B,)."""
        cost = functional.binary_cross_entropy_with_logits(output.float(), x.float(), reduction="none")
        return -cost.flatten(1).sum(-1)

    def mean(self, output: Tensor) -> Tensor:
        """Return the probability of a 1 in each cell."""
        return output.sigmoid()

    def sample(self, output: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Return cells of 0 and 1."""
        return (uniform(output.shape, generator, output.device) < output.sigmoid()).to(output)


class Gaussian:
    """Real cells; the output is their means and, unless `std` is given, their log-variances.

    Parameters
    ----------
    std : float, optional
        A fixed standard deviation; left out, the network says it.
    """

    def __init__(self, std: float | None = None) -> None:
        if std is not None and std <= 0:
            raise ValueError(f"the standard deviation must be positive, got {std}")
        self.std = std
        self.parameters = 2 if std is None else 1

    def _split(self, output: Tensor) -> tuple[Tensor, Tensor]:
        output = output.float()
        if self.std is not None:
            return output, torch.full_like(output, 2 * math.log(self.std))
        mean, log_var = output.chunk(2, dim=1)
        return mean, log_var

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        """Return log p(x) in nats, shape (B,)."""
        mean, log_var = self._split(output)
        per_cell = -0.5 * ((x - mean) ** 2 / log_var.exp() + log_var + math.log(2 * math.pi))
        return per_cell.flatten(1).sum(-1)

    def mean(self, output: Tensor) -> Tensor:
        """Return the mean of each cell."""
        return self._split(output)[0]

    def sample(self, output: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Return cells with their noise."""
        mean, log_var = self._split(output)
        return mean + (0.5 * log_var).exp() * standard_normal(mean.shape, generator, mean)
