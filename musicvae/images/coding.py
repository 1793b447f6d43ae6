"""Pictures -> codes, codes -> pictures, and both in turn: in batches, and without gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.core.corruption import Corruption
from musicvae.images.data.batches import in_batches, to_floats
from musicvae.images.model import PictureAutoencoder
from musicvae.images.scoring import psnr

BATCH = 250


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
def encode_pictures(model: PictureAutoencoder, pictures: np.ndarray) -> Tensor:
    """Return the code of each picture (of a VAE the posterior mean), shape (N, Z).

    Parameters
    ----------
    model : PictureAutoencoder
    pictures : np.ndarray of uint8, shape (N, C, H, W)
        As they are: where a likelihood knows pixels of 0 and 1 only, greys stand for its expectation.
    """
    device = next(model.parameters()).device
    return torch.cat([model.encode(batch) for batch in in_batches(pictures, BATCH, device)])


def decode_codes(model: PictureAutoencoder, codes: Tensor) -> Tensor:
    """Return the expected picture of each code, in [0, 1], shape (N, C, H, W)."""
    return _in_batches(model.decode, codes)


def draw_pictures(model: PictureAutoencoder, codes: Tensor, generator: torch.Generator) -> Tensor:
    """Return a drawn picture for each code, with the noise of its pixels, in [0, 1], shape (N, C, H, W)."""
    return _in_batches(lambda some: model.sample(some, generator), codes)


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


@torch.inference_mode()
def _in_batches(decode: Callable[[Tensor], Tensor], codes: Tensor) -> Tensor:
    return torch.cat([decode(some) for some in codes.split(BATCH)])
