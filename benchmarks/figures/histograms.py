"""How near two sets of pictures are in their colours: the Fréchet distance of their colour histograms.

A picture's colours are a histogram of its pixels over 4 x 4 x 4 equal boxes of the RGB cube, in shares that
add up to 1. A set of pictures is the Gaussian with the mean and covariance of its histograms, and two sets
are apart by the Fréchet distance of their Gaussians, as in Heusel et al. 2017, eq. 6, with these histograms
in place of a network's features:

    |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))

It knows nothing of where colours are; it knows whether pictures differ from each other as much as they
should. Samples of independent pixels are right on average, and all alike.
"""

from __future__ import annotations

import numpy as np

SIDE = 4  # boxes along each of red, green and blue


def colour_histograms(pictures: np.ndarray) -> np.ndarray:
    """Return the histogram of each picture (N, 3, H, W) of uint8, shape (N, 64)."""
    boxes = pictures.astype(np.int64) * SIDE // 256
    index = ((boxes[:, 0] * SIDE + boxes[:, 1]) * SIDE + boxes[:, 2]).reshape(len(pictures), -1)
    counts = np.stack([np.bincount(row, minlength=SIDE**3) for row in index])
    return counts / index.shape[1]


def frechet(one: np.ndarray, other: np.ndarray) -> float:
    """Return the Fréchet distance of the Gaussians of two sets of vectors, (N, D) and (M, D)."""
    first, second = (np.cov(rows, rowvar=False) for rows in (one, other))
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    # The eigenvalues of S1 S2 are those of S1^(1/2) S2 S1^(1/2), which is symmetric.
    shared = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(min=0)).sum()
    apart = np.square(one.mean(0) - other.mean(0)).sum()
    return float(apart + np.trace(first) + np.trace(second) - 2 * shared)


def colour_distance(one: np.ndarray, other: np.ndarray) -> float:
    """Return how far two sets of pictures are apart in their colours."""
    return frechet(colour_histograms(one), colour_histograms(other))


def independent_pixels(pictures: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return pictures each of whose pixels is that of another of the given ones, in the same place."""
    _, channels, height, width = pictures.shape
    chosen = rng.integers(0, len(pictures), (count, 1, height, width))
    rows, columns = np.arange(height)[:, None], np.arange(width)
    return pictures[chosen, np.arange(channels)[:, None, None], rows, columns]
