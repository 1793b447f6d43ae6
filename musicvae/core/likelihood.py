"""The third choice: how likely a tensor is under what a network says about each of its cells.

A likelihood reads a network's output (B, parameters * C, ...) as the parameters of one distribution
for each cell of x (B, C, ...). Decoders with a likelihood of their own, such as the note decoder,
do without.

====================  ===============================  ===========================================
likelihood            x may be                         log p(x) is
====================  ===============================  ===========================================
Bernoulli             0 or 1                           the log of a probability
ContinuousBernoulli   from 0 to 1                      the log of a density
Gaussian              any number                       the log of a density
DiscretisedLogistic   0/255, 1/255, ... 255/255        the log of a probability
====================  ===============================  ===========================================

What a likelihood gives no probability to is an error (`check`). Cross-entropy computes without complaint
on numbers outside [0, 1], where it is no likelihood of anything and its minimum is a flat grey.
"""

from __future__ import annotations

import math
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from musicvae.core.chance import standard_normal, uniform
from musicvae.errors import SupportError


class Likelihood(Protocol):
    """What `LikelihoodDecoder` asks of a distribution."""

    parameters: int

    def check(self, x: Tensor) -> None:
        """Raise a SupportError if x can have no probability."""

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        """Return log p(x) in nats, summed over cells, shape (B,)."""

    def mean(self, output: Tensor) -> Tensor:
        """Return the expected x."""

    def sample(self, output: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Return a drawn x."""


def _found(x: Tensor) -> str:
    """Return what values x has, in words."""
    return f"got values from {x.min().item():.4g} to {x.max().item():.4g}"


class Bernoulli:
    """Cells that are 0 or 1; the output is their logits."""

    parameters = 1

    def check(self, x: Tensor) -> None:
        """Raise a SupportError unless all cells are 0 or 1."""
        if not bool(((x == 0) | (x == 1)).all()):
            raise SupportError(
                f"a Bernoulli likelihood needs cells that are 0 or 1, and {_found(x)}: binarise them first,"
                " or take another likelihood"
            )

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


class ContinuousBernoulli:
    """Cells in [0, 1] with density proportional to exp(logit * x) (Loaiza-Ganem & Cunningham 2019).

    It is cross-entropy with what that leaves out on such cells, its normaliser (their eq. 6 to 8).
    """

    parameters = 1

    def check(self, x: Tensor) -> None:
        """Raise a SupportError unless all cells lie in [0, 1]."""
        # Written so that NaN fails it too.
        if not bool(((x >= 0) & (x <= 1)).all()):
            what = "a continuous Bernoulli likelihood needs values in [0, 1]"
            raise SupportError(f"{what}, and {_found(x)}: scale them first")

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        """Return log p(x) in nats, shape (B,)."""
        logit = output.float()
        return (logit * (x - 0.5) - _log_sinhc(logit / 2)).flatten(1).sum(-1)

    def mean(self, output: Tensor) -> Tensor:
        """Return the mean of each cell."""
        logit = output.float()
        small = logit.abs() < 0.1  # where the formula is a difference of two large numbers
        safe = torch.where(small, torch.ones_like(logit), logit)
        return torch.where(small, 0.5 + logit / 12 - logit**3 / 720, 1 / -torch.expm1(-safe) - 1 / safe)

    def sample(self, output: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Return cells in [0, 1], by inversion of the distribution function."""
        logit = output.float()
        share = uniform(logit.shape, generator, logit.device)
        size = logit.abs().clamp(min=1e-4)
        # log(1 + u (e^l - 1)) / l for l > 0; for l < 0 by symmetry x -> 1 - x.
        x = 1 + torch.log(share + (1 - share) * torch.exp(-size)) / size
        return torch.where(logit < 0, 1 - x, x).clamp(0, 1)


def _log_sinhc(x: Tensor) -> Tensor:
    """Return log(sinh(x) / x), which is 0 at 0."""
    small = x.abs() < 0.05
    size = torch.where(small, torch.ones_like(x), x.abs())
    return torch.where(
        small, x**2 / 6 - x**4 / 180, size + torch.log1p(-torch.exp(-2 * size)) - (2 * size).log()
    )


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

    def check(self, x: Tensor) -> None:
        """Raise a SupportError if a cell is no finite number."""
        if not bool(x.isfinite().all()):
            raise SupportError("a Gaussian likelihood needs finite numbers, and some are not: mend the data")

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
