"""Measures in slices of a sixteenth: however fine the grid, there are no more of them to read and to sketch.

A network that goes through a measure step by step has three times the work where a beat has twelve steps and
not four, and three times as much to learn of what lies where. The steps of a slice are read together instead,
and sketched together, so that a finer grid has more cells and hardly more of anything else.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor
from torch.nn import functional

from musicvae.measures.data.config import MusicConfig

SLICE_WIDTH = 64  # numbers that stand for a slice where all slices of a measure lie side by side


class Slices(NamedTuple):
    """How measures are cut.

    Parameters
    ----------
    most : int
        Slices of the longest measure.
    size : int
        Steps of a slice.
    """

    most: int
    size: int

    def count(self, steps: int) -> int:
        """Return the slices of a measure of so many steps, the last of which may be cut short."""
        return -(-steps // self.size)

    def cut(self, steps: Tensor) -> Tensor:
        """Return what is said of steps (M, t, C) by slices, (M, slices, size * C); nothing after the end."""
        return cut_steps(steps, self.size).flatten(2)

    def join(self, slices: Tensor, steps: int) -> Tensor:
        """Return what is said of slices (M, slices, size * C) by the first t steps, (M, t, C)."""
        return slices.unflatten(2, (self.size, -1)).flatten(1, 2)[:, :steps]


def cut_steps(steps: Tensor, size: int, after: float = 0.0) -> Tensor:
    """Return steps (M, t, ...) in slices of a size, (M, slices, size, ...); `after` follows the last step."""
    if missing := -steps.shape[1] % size:
        steps = functional.pad(steps, (0, 0) * (steps.ndim - 2) + (0, missing), value=after)
    return steps.unflatten(1, (-1, size))


def repeat_slices(slices: Tensor, size: int, steps: int) -> Tensor:
    """Return what is said of slices (M, slices, ...) of a size at each of the first t steps, (M, t, ...)."""
    return slices.repeat_interleave(size, 1)[:, :steps]


def cut_measures(config: MusicConfig) -> Slices:
    """Return how the measures of a model are cut: into sixteenths, or steps where a beat has none."""
    size = config.grid.sixteenth
    return Slices(-(-config.steps // size), size)
