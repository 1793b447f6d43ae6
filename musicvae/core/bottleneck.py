"""The first of the three choices: what a code is, a point or a Gaussian.

A bottleneck turns features (..., F) into codes (..., Z) and says what they cost, (..., Z) nats: called, with
codes to learn from, which may be drawn; by `encode`, with those that stand for the features. Which one there
is, a kind of autoencoder says by its name, as commands and configs ask for it. What makes a DAE of an
AE is the corruption of what it learns from, and that belongs to the data (`core.corruption` for tensors).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol, TypeAlias

import torch
from torch import Tensor, nn

from musicvae.core.gaussian import DiagonalGaussian
from musicvae.core.objective import AUTOENCODERS, AutoencoderKind

# exp(log_var / 2) stays between 1e-3 and 3e3: a collapsed or exploding coordinate cannot overflow.
LOG_VAR_RANGE = (-14.0, 16.0)
FIRST_LOG_VAR = -6.0


class Bottleneck(Protocol):
    """What makes codes of features."""

    def __call__(self, features: Tensor, generator: torch.Generator | None = None) -> Coded:
        """Return codes to learn from, which may be drawn."""

    def encode(self, features: Tensor) -> Coded:
        """Return the codes that stand for features."""

    def posterior(self, features: Tensor) -> DiagonalGaussian:
        """Return q(z | x)."""


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

    def begin_as_features(self) -> None:
        """Let codes be the first of the features, until they are learned; more of them stay as they were."""
        _begin_as_first(self.to_code.weight, self.to_code.bias)

    def forward(self, features: Tensor, generator: torch.Generator | None = None) -> Coded:
        """Return the codes; nothing is drawn."""
        return self.encode(features)

    def encode(self, features: Tensor) -> Coded:
        """Return the codes."""
        code = self.to_code(features)
        return Coded(code, torch.zeros_like(code))

    def posterior(self, features: Tensor) -> DiagonalGaussian:
        """Raise an error: points have no posterior.

        Raises
        ------
        ValueError
        """
        raise ValueError("codes that are points have no posterior: only a VAE's have")


class GaussianBottleneck(nn.Module):
    """A code is drawn from a Gaussian around what the encoder says: the bottleneck of a VAE."""

    def __init__(self, features: int, latent: int) -> None:
        super().__init__()
        self.to_gaussian = nn.Linear(features, 2 * latent)
        with torch.no_grad():
            # Codes begin nearly as points: a decoder that finds nothing but noise in them at first
            # learns to do without, and never comes back ("posterior collapse").
            self.to_gaussian.bias[latent:] = FIRST_LOG_VAR

    def begin_as_features(self) -> None:
        """Let means be the first of the features, until they are learned; more of them stay as they were."""
        latent = len(self.to_gaussian.bias) // 2
        _begin_as_first(self.to_gaussian.weight[:latent], self.to_gaussian.bias[:latent])

    def posterior(self, features: Tensor) -> DiagonalGaussian:
        """Return q(z | x)."""
        # In full precision: the KL is a small difference of larger numbers.
        mean, log_var = self.to_gaussian(features).float().chunk(2, dim=-1)
        return DiagonalGaussian(mean, log_var.clamp(*LOG_VAR_RANGE))

    def forward(self, features: Tensor, generator: torch.Generator | None = None) -> Coded:
        """Return a drawn code for each row and its KL."""
        posterior = self.posterior(features)
        return Coded(posterior.sample(generator), posterior.kl())

    def encode(self, features: Tensor) -> Coded:
        """Return the posterior mean of each row and its KL."""
        posterior = self.posterior(features)
        return Coded(posterior.mean, posterior.kl())


@torch.no_grad()
def _begin_as_first(weight: Tensor, bias: Tensor) -> None:
    known = min(weight.shape)
    nn.init.eye_(weight[:known])
    nn.init.zeros_(bias[:known])


OneBottleneck: TypeAlias = PointBottleneck | GaussianBottleneck


def make_bottleneck(autoencoder: AutoencoderKind, features: int, latent: int) -> OneBottleneck:
    """Return what makes codes (..., Z) of features (..., F): points for AE and DAE, Gaussians for a VAE.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if autoencoder not in AUTOENCODERS:
        raise ValueError(f"the kind must be one of {', '.join(AUTOENCODERS)}, got {autoencoder!r}")
    return GaussianBottleneck(features, latent) if autoencoder == "vae" else PointBottleneck(features, latent)
