"""Pictures as a model says them back, and what it makes of noisy ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.core.corruption import Corruption
from musicvae.images.coding import BATCH, decode_codes
from musicvae.images.data.batches import to_floats
from musicvae.images.model import PictureAutoencoder
from musicvae.images.scoring import psnr


class SaidBack(NamedTuple):
    """Pictures in [0, 1], all of shape (N, C, H, W), on the way through a model.

    Parameters
    ----------
    clean : Tensor
    given : Tensor
        What the encoder was given: the clean ones, or these with noise.
    copies : Tensor
        What the decoder made of them.
    """

    clean: Tensor
    given: Tensor
    copies: Tensor

    @property
    def psnr_before(self) -> list[float]:
        """Of each picture as the encoder was given it, dB."""
        return [float(each) for each in psnr(self.clean, self.given)]

    @property
    def psnr_after(self) -> list[float]:
        """Of each picture as it comes back, dB."""
        return [float(each) for each in psnr(self.clean, self.copies)]

    @property
    def squared_errors(self) -> list[float]:
        """The mean squared error of each picture as it comes back."""
        return [float(each) for each in (self.clean - self.copies).pow(2).flatten(1).mean(-1)]


@torch.inference_mode()
def say_back(
    model: PictureAutoencoder,
    pictures: np.ndarray,
    corruption: Corruption[Tensor] | None = None,
    generator: torch.Generator | None = None,
) -> SaidBack:
    """Return pictures as a model says them back from their codes.

    Parameters
    ----------
    model : PictureAutoencoder
    pictures : np.ndarray of uint8, shape (N, C, H, W)
        Given as they are: where a likelihood knows pixels of 0 and 1 only, greys stand for its expectation.
    corruption : callable, optional
        Done to them before.
    generator : torch.Generator, optional
        Of the corruption.
    """
    clean = to_floats(pictures, next(model.parameters()).device)
    given = clean if corruption is None else corruption(clean, generator)
    codes = torch.cat([model.encode(some) for some in given.split(BATCH)])
    return SaidBack(clean, given, decode_codes(model, codes))
