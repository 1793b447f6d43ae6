"""The diagonal Gaussian: the posterior of a VAE, and its distance from the prior N(0, I)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.core.chance import standard_normal


class DiagonalGaussian(NamedTuple):
    """A Gaussian with independent coordinates; both fields have shape (..., Z)."""

    mean: Tensor
    log_var: Tensor

    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        """Return one draw a row, differentiable in mean and log_var (Kingma & Welling 2014, section 2.4)."""
        noise = standard_normal(self.mean.shape, generator, self.mean)
        return self.mean + (0.5 * self.log_var).exp() * noise

    def kl(self) -> Tensor:
        """Return the divergence from N(0, I) of each coordinate, nats, shape (..., Z).

        Summed over Z it is Kingma & Welling 2014, appendix B.
        """
        return 0.5 * (self.mean**2 + self.log_var.exp() - 1 - self.log_var)
