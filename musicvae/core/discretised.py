"""The likelihood of cells that are levels, as the 8 bits of a picture are: a logistic, cut into bins.

Salimans et al. 2017 (PixelCNN++), eq. 2, with one component.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from musicvae.core.chance import uniform
from musicvae.errors import SupportError

LEVELS = 256
FIRST_LOG_SCALE = math.log(0.1)  # what an output of 0 says: a tenth of the range
LOG_SCALE_RANGE = (-7.0, 2.0)


class DiscretisedLogistic:
    """Cells that are 0/255, 1/255, ... 255/255; the output is their means and log-scales.

    A level has the probability that a logistic gives to its bin, half a level to either side; the bins
    at the edges reach to infinity, so that the 256 probabilities add up to 1.
    """

    parameters = 2

    def check(self, x: Tensor) -> None:
        """Raise a SupportError unless all cells are one of the levels."""
        levels = x.float() * (LEVELS - 1)
        # Written so that NaN fails it too.
        whole = (levels - levels.round()).abs() < 1e-2
        if not bool((whole & (levels > -0.5) & (levels < LEVELS - 0.5)).all()):
            raise SupportError(
                "a discretised logistic likelihood needs whole multiples of 1/255 in [0, 1],"
                f" and got others between {x.min().item():.4g} and {x.max().item():.4g}:"
                " give 8-bit pictures, scaled to [0, 1]"
            )

    def _split(self, output: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_scale = output.float().chunk(2, dim=1)
        return mean, (log_scale + FIRST_LOG_SCALE).clamp(*LOG_SCALE_RANGE)

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        """Return log p(x) in nats, shape (B,)."""
        mean, log_scale = self._split(output)
        half, inverse = 0.5 / (LEVELS - 1), torch.exp(-log_scale)
        above, below = (x - mean + half) * inverse, (x - mean - half) * inverse
        # s(b) - s(a) = s(b) s(-a) (1 - exp(a - b)): each factor is exact however far out the bin is.
        within = torch.log(-torch.expm1(-2 * half * inverse))
        is_low, is_high = x <= half, x >= 1 - half
        per_cell = (
            functional.logsigmoid(above).masked_fill(is_high, 0)
            + functional.logsigmoid(-below).masked_fill(is_low, 0)
            + within.masked_fill(is_low | is_high, 0)
        )
        return per_cell.flatten(1).sum(-1)

    def mean(self, output: Tensor) -> Tensor:
        """Return the mean of each cell, right to half a level.

        It is that of the logistic with its tails folded onto 0 and 1: the integral of P(x > t) over [0, 1].
        """
        mean, log_scale = self._split(output)
        scale = log_scale.exp()
        return scale * (functional.softplus(mean / scale) - functional.softplus((mean - 1) / scale))

    def sample(self, output: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Return levels, by inversion of the logistic's distribution function."""
        mean, log_scale = self._split(output)
        share = uniform(mean.shape, generator, mean.device)
        x = mean + log_scale.exp() * torch.logit(share, eps=1e-6)
        return (x * (LEVELS - 1)).round().clamp(0, LEVELS - 1) / (LEVELS - 1)
