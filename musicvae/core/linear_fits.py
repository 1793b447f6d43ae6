"""What linear maps can say of rows of numbers, found at once and without learning."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Components(NamedTuple):
    """The principal components of rows (N, D), from the one that they differ by most."""

    mean: Tensor  # (D,) of the rows
    directions: Tensor  # (K, D) of length 1, at right angles to each other
    deviations: Tensor  # (K,) standard deviations of the rows along each, in their unit


class LinearMap(NamedTuple):
    """x (N, D) -> x @ weight.T + bias (N, E), as `nn.Linear` has it."""

    weight: Tensor  # (E, D)
    bias: Tensor  # (E,)


def find_components(rows: Tensor, most: int) -> Components:
    """Return so many principal components, or as many as there can be.

    Parameters
    ----------
    rows : Tensor, shape (N, D)
    most : int

    Returns
    -------
    Components
        Of K = min(most, N, D).
    """
    mean = rows.mean(0)
    _, lengths, directions = torch.linalg.svd(rows - mean, full_matrices=False)
    return Components(mean, directions[:most], lengths[:most] / len(rows) ** 0.5)


def fit_ridge(x: Tensor, y: Tensor, noise: float) -> LinearMap:
    """Return the linear map that says y by x with least squares, where x is drawn with some noise.

    That is ridge regression (Hoerl and Kennard 1970), whose penalty is the noise's variance (Bishop 1995).

    Parameters
    ----------
    x : Tensor, shape (N, D)
    y : Tensor, shape (N, E)
    noise : float
        Variance of the noise on each number of x.
    """
    middle, mean = x.mean(0), y.mean(0)
    offsets = x - middle
    penalty = noise * len(x) * torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
    weight = torch.linalg.solve(offsets.T @ offsets + penalty, offsets.T @ (y - mean)).T
    return LinearMap(weight, mean - weight @ middle)
