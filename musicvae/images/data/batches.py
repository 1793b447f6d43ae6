"""Batches of pictures: by number, so that a training can go on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.images.data.config import Binarising
from musicvae.images.data.training_defaults import BATCH
from musicvae.images.likelihoods import binarise


class BatchPlan(NamedTuple):
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


class PictureBatches:
    """Pictures in an order that the seed gives anew each epoch; a batch depends on seed and step alone.

    Parameters
    ----------
    pictures : np.ndarray of uint8, shape (N, C, H, W)
    plan : BatchPlan
    how : str, optional
        How they are binarised: see `likelihoods.binarise`.
    device : torch.device
    share : tuple of int
        Which part of each batch this process takes, and of how many.
    """

    def __init__(
        self,
        pictures: np.ndarray,
        plan: BatchPlan,
        how: Binarising | None,
        device: torch.device,
        share: tuple[int, int] = (0, 1),
    ) -> None:
        self.pictures = torch.from_numpy(pictures).to(device)
        self.plan = plan
        self.how = how
        self.device = device
        self.share = share
        self.drawn = (-1, torch.empty(0))

    def __len__(self) -> int:
        return max(1, len(self.pictures) // self.plan.size)

    def at(self, step: int) -> Tensor:
        """Return the batch of a step, float in [0, 1], shape (B, C, H, W)."""
        epoch, place = divmod(step, len(self))
        mine, parts = self.share
        rows = self._order(epoch)[place * self.plan.size : (place + 1) * self.plan.size][mine::parts].to(
            self.device
        )
        chance = self._chance(1 + mine, step)
        batch = self.pictures[rows].float() / 255
        if self.plan.mirror:
            turned = torch.rand(len(batch), generator=chance).to(self.device) < 0.5
            batch = torch.where(turned[:, None, None, None], batch.flip(-1), batch)
        return binarise(batch, self.how, chance)

    def _order(self, epoch: int) -> Tensor:
        """Return the rows as they come in an epoch; kept until another one is asked for."""
        if self.drawn[0] != epoch:
            self.drawn = (epoch, torch.randperm(len(self.pictures), generator=self._chance(0, epoch)))
        return self.drawn[1]

    def _chance(self, what: int, number: int) -> torch.Generator:
        """Return a generator for one use of it."""
        seeds = np.random.SeedSequence((self.plan.seed, what, number)).generate_state(2, np.uint32)
        return torch.Generator().manual_seed(int(seeds[0]) << 32 | int(seeds[1]))
