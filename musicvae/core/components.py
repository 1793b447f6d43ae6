"""Principal components: the directions in which rows of numbers differ most."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Components(NamedTuple):
    """The principal components of rows (N, D), from the one that they differ by most."""

    mean: Tensor  # (D,) of the rows
    directions: Tensor  # (K, D) of length 1, at right angles to each other
    deviations: Tensor  # (K,) how far rows lie from their mean along each


def find_components(rows: Tensor, most: int) -> Components:
    """Return so many principal components, or as many as there can be.

    They are found by random projections (Halko, Martinsson and Tropp 2011), so torch's seed decides about the
    last of them.

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
    _, sizes, directions = torch.svd_lowrank(rows - mean, min(most, *rows.shape))
    return Components(mean, directions.T, sizes / len(rows) ** 0.5)
