"""Codes of AE and DAE: points of the size that codes of a VAE have.

A decoder may be told codes at any noise level (that of measures is: `measures.data.noisy_codes`), and the
noise is of unit scale. A point's scale is free: the encoder would make it large, so that no noise mattered.
So points lie on the sphere of radius sqrt(Z), where N(0, I) has nearly all of its mass: a freedom then means
for them what it means for a VAE, and what is done with codes (variations, paths between songs) can be done
with theirs.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from musicvae.core.bottleneck import Coded, OneBottleneck, PointBottleneck, make_bottleneck
from musicvae.core.gaussian import DiagonalGaussian
from musicvae.core.objective import AutoencoderKind

POINT_STD = 0.1  # how far from its code a point is taken to read as another measure: these differ by 1 or so


class SphereBottleneck(PointBottleneck):
    """A code is a point whose coordinates have a mean square of 1, and costs nothing."""

    def encode(self, features: Tensor) -> Coded:
        """Return the codes."""
        code = torch.nn.functional.rms_norm(self.to_code(features).float(), (self.latent,))
        return Coded(code, torch.zeros_like(code))

    def posterior(self, features: Tensor) -> DiagonalGaussian:
        """Return a narrow Gaussian around each code: points have no posterior, and this stands for it."""
        code = self.encode(features).code
        return DiagonalGaussian(code, torch.full_like(code, 2 * math.log(POINT_STD)))


def make_sized_bottleneck(autoencoder: AutoencoderKind, features: int, latent: int) -> OneBottleneck:
    """Return what makes codes of one size: points on a sphere for AE and DAE, Gaussians for a VAE.

    Raises
    ------
    ValueError
        If there is no such kind, or a sphere of one dimension, which is two points, is asked for.
    """
    bottleneck = make_bottleneck(autoencoder, features, latent)
    if autoencoder == "vae":
        return bottleneck
    if latent < 2:
        raise ValueError(f"codes of an {autoencoder.upper()} are of one size: they need two numbers or more")
    return SphereBottleneck(features, latent)
