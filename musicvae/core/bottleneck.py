"""The first of the three choices: what a code is, a point or a Gaussian.

A bottleneck turns features (..., F) into codes (..., Z) and says what they cost, (..., Z) nats.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from musicvae.core.gaussian import DiagonalGaussian

# exp(log_var / 2) stays between 1e-3 and 3e3: a collapsed or exploding coordinate cannot overflow.
LOG_VAR_RANGE = (-14.0, 16.0)
FIRST_LOG_VAR = -6.0


class Coded(NamedTuple):
    """Codes, and what each coordinate costs; both of shape (..., Z)."""

    code: Tensor
    kl: Tensor


class PointBottleneck(nn.Module):
    """A code is a point and costs nothing: the bottleneck of AE and DAE."""

    def __init__(self, features: int, latent: int) -> None:
        super().__init__()
        self.latent = latent
        self.to_code = nn.Linear(features, latent)

    def forward(self, features: Tensor, generator: torch.Generator | None = None) -> Coded:
        """Return the codes; nothing is drawn."""
        code = self.to_code(features)
        return Coded(code, torch.zeros_like(code))

    def center(self, features: Tensor) -> Tensor:
        """Return the codes, shape (..., Z)."""
        return self.to_code(features)


class GaussianBottleneck(nn.Module):
    """A code is drawn from a Gaussian around what the encoder says: the bottleneck of a VAE."""

    def __init__(self, features: int, latent: int) -> None:
        super().__init__()
        self.latent = latent
        self.to_gaussian = nn.Linear(features, 2 * latent)
        with torch.no_grad():
            # Codes begin nearly as points: a decoder that finds nothing but noise in them at first
            # learns to do without, and never comes back ("posterior collapse").
            self.to_gaussian.bias[latent:] = FIRST_LOG_VAR

    def posterior(self, features: Tensor) -> DiagonalGaussian:
        """Return q(z | x)."""
        # In full precision: the KL is a small difference of larger numbers.
        mean, log_var = self.to_gaussian(features).float().chunk(2, dim=-1)
        return DiagonalGaussian(mean, log_var.clamp(*LOG_VAR_RANGE))

    def forward(self, features: Tensor, generator: torch.Generator | None = None) -> Coded:
        """Return a drawn code for each row and its KL."""
        posterior = self.posterior(features)
        return Coded(posterior.sample(generator), posterior.kl())

    def center(self, features: Tensor) -> Tensor:
        """Return the posterior mean, shape (..., Z)."""
        return self.posterior(features).mean
