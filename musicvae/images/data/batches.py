"""Batches of pictures: by number, so that a training can go on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.core.chance import uniform
from musicvae.images.data.config import Binarising
from musicvae.images.data.training_defaults import BATCH


class BatchConfig(NamedTuple):
    """How pictures are dealt out to steps.

    Parameters
    ----------
    size : int
        Pictures in a batch.
    mirror : bool
        Whether each is turned left to right every other time: for photographs, not for writing.
    seed : int
    """

    size: int = BATCH
    mirror: bool = False
    seed: int = 0


def to_floats(pictures: np.ndarray, device: torch.device | str = "cpu") -> Tensor:
    """Return uint8 pictures as float32 in [0, 1]."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).to(device).float() / 255


def to_levels(pictures: Tensor) -> np.ndarray:
    """Return pictures in [0, 1] as uint8. Inverse of `to_floats`."""
    return (pictures.detach().float().clamp(0, 1) * 255).round().byte().cpu().numpy()


def in_batches(pictures: np.ndarray, size: int, device: torch.device | str = "cpu") -> Iterator[Tensor]:
    """Yield all pictures in order, as float32 in [0, 1]."""
    for begin in range(0, len(pictures), size):
        yield to_floats(pictures[begin : begin + size], device)


def binarise(x: Tensor, how: Binarising | None, generator: torch.Generator | None = None) -> Tensor:
    """Return pictures of 0 and 1, "dynamic"ally drawn or cut at a half; without `how`, as they are."""
    if how == "dynamic":
        return (uniform(x.shape, generator, x.device) < x).to(x)
    return (x >= 0.5).to(x) if how == "threshold" else x


class PictureBatches:
    """Pictures in an order that the seed gives anew each epoch; a batch depends on seed and step alone.

    Parameters
    ----------
    pictures : np.ndarray of uint8, shape (N, C, H, W)
    config : BatchConfig
    how : str, optional
        How they are binarised: see `binarise`.
    device : torch.device
    share : tuple of int
        Which part of each batch this process takes, and of how many.
    """

    def __init__(
        self,
        pictures: np.ndarray,
        config: BatchConfig,
        how: Binarising | None,
        device: torch.device,
        share: tuple[int, int] = (0, 1),
    ) -> None:
        self.pictures = torch.from_numpy(pictures).to(device)
        self.config = config
        self.how = how
        self.share = share
        self.drawn = (-1, torch.empty(0))

    def __len__(self) -> int:
        return max(1, len(self.pictures) // self.config.size)

    def at(self, step: int) -> Tensor:
        """Return the batch of a step, float in [0, 1], shape (B, C, H, W)."""
        epoch, place = divmod(step, len(self))
        mine, parts = self.share
        size, device = self.config.size, self.pictures.device
        rows = self._order(epoch)[place * size : (place + 1) * size][mine::parts].to(device)
        chance = self._chance(1 + mine, step)
        batch = self.pictures[rows].float() / 255
        if self.config.mirror:
            turned = torch.rand(len(batch), generator=chance).to(device) < 0.5
            batch = torch.where(turned[:, None, None, None], batch.flip(-1), batch)
        return binarise(batch, self.how, chance)

    def _order(self, epoch: int) -> Tensor:
        """Return the rows as they come in an epoch; kept until another one is asked for."""
        if self.drawn[0] != epoch:
            self.drawn = (epoch, torch.randperm(len(self.pictures), generator=self._chance(0, epoch)))
        return self.drawn[1]

    def _chance(self, what: int, number: int) -> torch.Generator:
        """Return a generator for one use of it."""
        seeds = np.random.SeedSequence((self.config.seed, what, number)).generate_state(2, np.uint32)
        return torch.Generator().manual_seed(int(seeds[0]) << 32 | int(seeds[1]))
