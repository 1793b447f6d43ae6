"""Ways through the space of codes: from one picture to another, and along the direction of a label."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from musicvae.core.paths import slerp
from musicvae.images.coding import decode_codes, encode_pictures
from musicvae.images.model import PictureAutoencoder


def walk(model: PictureAutoencoder, ends: np.ndarray, between: int) -> Tensor:
    """Return A's reconstruction, so many pictures between, and B's, in [0, 1], shape (between + 2, C, H, W).

    A VAE's codes lie near a sphere, and the way follows it (White 2016, section 2.1); those of AE and DAE
    lie anywhere, and it is straight.

    Parameters
    ----------
    model : PictureAutoencoder
    ends : np.ndarray of uint8, shape (2, C, H, W)
        A and B.
    between : int
    """
    start, end = encode_pictures(model, ends)
    weights = torch.linspace(0, 1, between + 2)
    if model.config.autoencoder == "vae":
        codes = slerp(start.expand(len(weights), -1), end.expand(len(weights), -1), weights)
    else:
        codes = torch.lerp(start, end, weights[:, None])
    return decode_codes(model, codes)


def steer(
    model: PictureAutoencoder, picture: np.ndarray, direction: Tensor, amounts: tuple[float, ...]
) -> Tensor:
    """Return a picture with the direction of a label added to its code by each amount, (amounts, C, H, W).

    Larsen et al. 2016, section 4. 0 gives the reconstruction.

    Parameters
    ----------
    model : PictureAutoencoder
    picture : np.ndarray of uint8, shape (C, H, W)
    direction : Tensor, shape (Z,)
        See `code_statistics.find_direction`.
    amounts : tuple of float
        1 is the way from the mean picture without the label to the mean one with it.
    """
    [code] = encode_pictures(model, picture[None])
    return decode_codes(model, code + torch.tensor(amounts)[:, None] * direction)
