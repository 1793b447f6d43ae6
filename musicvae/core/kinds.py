"""The kinds of autoencoder by their names, as commands and configs ask for them.

A kind says what a code is; what makes a DAE of an AE is the corruption of what it learns from, and that
belongs to the data (`core.corruption` for tensors).
"""

from __future__ import annotations

from typing import Literal, get_args

from musicvae.core.bottleneck import GaussianBottleneck, PointBottleneck

Kind = Literal["ae", "dae", "vae"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def make_bottleneck(kind: Kind, features: int, latent: int) -> PointBottleneck | GaussianBottleneck:
    """Return what makes codes (..., Z) of features (..., F): points for AE and DAE, Gaussians for a VAE.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"the kind must be one of {', '.join(KINDS)}, got {kind!r}")
    return GaussianBottleneck(features, latent) if kind == "vae" else PointBottleneck(features, latent)
