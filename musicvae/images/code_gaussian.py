"""Gaussians that new codes are drawn from, and planes through them to lay pictures out on."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.core.chance import standard_normal
from musicvae.errors import PictureError
from musicvae.images.code_cloud import CodeCloud


class CodeGaussian(NamedTuple):
    """Codes mean + axes @ e, e from N(0, I).

    Parameters
    ----------
    mean : Tensor, shape (Z,)
    axes : Tensor, shape (Z, Z)
        In columns.
    """

    mean: Tensor
    axes: Tensor

    def place(self, points: Tensor) -> Tensor:
        """Return the codes (N, Z) of points (N, K) by the first K axes."""
        return self.mean + points @ self.axes[:, : points.shape[1]].T


def standard_gaussian(latent: int) -> CodeGaussian:
    """Return N(0, I): the prior of a VAE."""
    return CodeGaussian(torch.zeros(latent), torch.eye(latent))


def fit_gaussian(cloud: CodeCloud) -> CodeGaussian:
    """Return the Gaussian with the mean and covariance of training codes, its widest axis first.

    Axes are those of their principal components, each as long as a standard deviation, and pointing where
    its largest entry is positive.
    """
    variances, vectors = torch.linalg.eigh(cloud.covariance.double())
    axes = (vectors * variances.clamp(min=0).sqrt()).flip(1)
    largest = axes.gather(0, axes.abs().argmax(0, keepdim=True))
    return CodeGaussian(cloud.mean, (axes * torch.where(largest < 0, -1.0, 1.0)).float())


def draw_codes(gaussian: CodeGaussian, count: int, generator: torch.Generator) -> Tensor:
    """Return so many codes, shape (N, Z)."""
    return gaussian.place(standard_normal((count, len(gaussian.mean)), generator, gaussian.mean))


def lay_map(gaussian: CodeGaussian, side: int) -> Tensor:
    """Return codes spread over the plane of the first two axes, row by row from the top, (side^2, Z).

    Even steps in probability, through the inverse of the Gaussian's distribution function, so that every code
    stands for the same share of the plane (Kingma & Welling 2014, appendix A, figure 4).

    Raises
    ------
    PictureError
        If codes have one number.
    """
    if len(gaussian.mean) < 2:
        raise PictureError("codes of one number have no plane: train a model with --latent 2 or more")
    steps = torch.special.ndtri((torch.arange(side) + 0.5) / side)
    across, up = torch.meshgrid(steps, steps.flip(0), indexing="xy")
    return gaussian.place(torch.stack([across.flatten(), up.flatten()], dim=-1))


def share_of_plane(gaussian: CodeGaussian) -> float:
    """Return the share of the variance that lies in the plane of the first two axes."""
    variances = gaussian.axes.pow(2).sum(0)
    return float(variances[:2].sum() / variances.sum())
