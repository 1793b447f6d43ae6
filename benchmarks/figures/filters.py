"""What filters that have learned nothing do against noise: medians and non-local means, each at its best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np
from skimage.filters import median
from skimage.restoration import denoise_nl_means

Filter = Callable[[np.ndarray], np.ndarray]  # of one picture (H, W) in [0, 1]


class Tuned(NamedTuple):
    """A filter with the settings that were best on pictures to tune by."""

    name: str
    settings: str
    apply: Filter


def _medians() -> dict[str, Filter]:
    cross = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])
    disk = np.array([[0, 0, 1, 0, 0], [0, 1, 1, 1, 0], [1] * 5, [0, 1, 1, 1, 0], [0, 0, 1, 0, 0]])
    shapes = {"cross": cross, "square 3": np.ones((3, 3)), "disk": disk, "square 5": np.ones((5, 5))}
    return {name: partial(median, footprint=shape) for name, shape in shapes.items()}


def _non_local_means(noise: float) -> dict[str, Filter]:
    return {
        f"patch {size}, distance {distance}, h {share} x noise, sigma {sigma} x noise": partial(
            denoise_nl_means,
            patch_size=size,
            patch_distance=distance,
            h=share * noise,
            sigma=sigma * noise,
            fast_mode=True,
        )
        for size in (3, 5)
        for distance in (6, 11)
        for share in (0.2, 0.35, 0.5, 0.7, 1.0)
        for sigma in (0.0, 0.5, 1.0)
    }


def decibels(clean: np.ndarray, copies: np.ndarray) -> float:
    """Return the mean PSNR of pictures (N, H, W) in [0, 1]."""
    error = np.square(clean - copies).mean((1, 2))
    return float(np.mean(-10 * np.log10(np.maximum(error, 1e-10))))


def apply(filtering: Filter, noisy: np.ndarray) -> np.ndarray:
    """Return noisy pictures (N, H, W), filtered and in [0, 1]."""
    return np.stack([filtering(picture) for picture in noisy]).clip(0, 1)


def tune(noise: float, clean: np.ndarray, noisy: np.ndarray) -> list[Tuned]:
    """Return both filters with the settings that restore some pictures (N, H, W) best."""
    families: Mapping[str, dict[str, Filter]] = {
        "median": _medians(),
        "non-local means": _non_local_means(noise),
    }
    found = []
    for name, choices in families.items():
        best = max(choices, key=lambda settings: decibels(clean, apply(choices[settings], noisy)))
        found.append(Tuned(name, best, choices[best]))
    return found
