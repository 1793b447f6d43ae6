"""The diagonal Gaussian: the posterior of a VAE, and its distance from the prior N(0, I)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


def standard_normal(
    shape: torch.Size | tuple[int, ...], generator: torch.Generator | None, like: Tensor
) -> Tensor:
    """Return draws from N(0, 1) of the given shape, on the device and of the type of `like`.

    The generator may live on the CPU whatever the device, so that a seed means the same everywhere.
    """
    source = generator.device if generator is not None else like.device
    return torch.randn(shape, generator=generator, device=source).to(like)


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
