"""Pictures made on the spot: discs, light on dark, whose place depends on their number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from accelerate import Accelerator
from PIL import Image

Draw = Callable[..., np.ndarray]


def draw_discs(count: int, size: int = 12, channels: int = 1, seed: int = 0) -> np.ndarray:
    """Return pictures of a disc each, uint8, shape (count, channels, size, size)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:size, :size]
    places = rng.uniform(0.25 * size, 0.75 * size, (count, 2, 1, 1))
    inside = (x - places[:, 0]) ** 2 + (y - places[:, 1]) ** 2 < (0.25 * size) ** 2
    colours = rng.integers(150, 256, (count, channels, 1, 1))
    return (inside[:, None] * colours).astype(np.uint8)


@pytest.fixture
def discs() -> Draw:
    """Return what draws discs."""
    return draw_discs


@pytest.fixture
def save() -> Callable[[Path, np.ndarray], Path]:
    """Return what saves a picture (C, H, W) to a file."""

    def save(path: Path, picture: np.ndarray) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0)
        Image.fromarray(np.ascontiguousarray(rows)).save(path)
        return path

    return save


@pytest.fixture
def accelerator(forget_accelerators: None) -> Accelerator:
    """Return an accelerator on the CPU in full precision."""
    return Accelerator(cpu=True, mixed_precision="no")
