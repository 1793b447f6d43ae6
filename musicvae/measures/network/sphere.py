"""Codes of AE and DAE: points of the size that codes of a VAE have.

A decoder that hears the song is told codes at any noise level (`noisy`), and the noise is of unit scale. A
point's scale is free: the encoder would make it large, so that no noise mattered. So points lie on the sphere
of radius sqrt(Z), where N(0, I) has nearly all of its mass: a freedom then means for them what it means for
a VAE, and what is done with codes (variations, paths between songs) can be done with theirs.
"""

from __future__ import annotations

import torch
from torch import Tensor

from musicvae.core.bottleneck import (
    AutoencoderKind,
    Coded,
    GaussianBottleneck,
    PointBottleneck,
    make_bottleneck,
)


class SphereBottleneck(PointBottleneck):
    """A code is a point whose coordinates have a mean square of 1, and costs nothing."""

    def forward(self, features: Tensor, generator: torch.Generator | None = None) -> Coded:
        """Return the codes; nothing is drawn."""
        code = self.center(features)
        return Coded(code, torch.zeros_like(code))

    def center(self, features: Tensor) -> Tensor:
        """Return the codes, shape (..., Z)."""
        return torch.nn.functional.rms_norm(self.to_code(features).float(), (self.latent,))


def make_measure_bottleneck(
    kind: AutoencoderKind, features: int, latent: int
) -> SphereBottleneck | GaussianBottleneck:
    """Return what makes codes of measures: points on a sphere for AE and DAE, Gaussians for a VAE.

    Raises
    ------
    ValueError
        If there is no such kind, or a sphere of one dimension, which is two points, is asked for.
    """
    bottleneck = make_bottleneck(kind, features, latent)
    if isinstance(bottleneck, GaussianBottleneck):
        return bottleneck
    if latent < 2:
        raise ValueError(f"codes of an {kind.upper()} are of one size: they need two numbers or more")
    return SphereBottleneck(features, latent)
