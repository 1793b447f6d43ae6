"""Pictures -> codes and codes -> pictures, as many as there are: in batches, and without gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from musicvae.images.data.batches import in_batches
from musicvae.images.model import PictureAutoencoder

BATCH = 250


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
def _in_batches(decode: Callable[[Tensor], Tensor], codes: Tensor) -> Tensor:
    return torch.cat([decode(some) for some in codes.split(BATCH)])
