"""Which likelihood pictures are said under."""

from __future__ import annotations

import numpy as np

from musicvae.core.discretised import DiscretisedLogistic
from musicvae.core.likelihood import Bernoulli, ContinuousBernoulli, Gaussian, Likelihood
from musicvae.core.objective import AutoencoderKind
from musicvae.images.data.config import GREY, LikelihoodName, PictureConfig

MSE_STD = 0.1  # of an AE's Gaussian: with any fixed one, the likeliest picture has the least squared error
NEAR = 0.15  # a pixel so near to 0 or 1 is as good as binary
LOOKED_AT = 1000  # pictures, to see whether they are nearly binary
BINARY_SHARE = 0.8  # of such pixels, from which on grey pictures are nearly binary


def make_likelihood(config: PictureConfig) -> Likelihood:
    """Return the likelihood that a config names."""
    match config.likelihood:
        case "bernoulli":
            return Bernoulli()
        case "continuous":
            return ContinuousBernoulli()
        case "logistic":
            return DiscretisedLogistic()
        case _:
            return Gaussian(config.std)


def binary_share(pictures: np.ndarray) -> float:
    """Return the share of pixels of pictures (N, C, H, W) that are as good as black or white."""
    looked = pictures[:: -(-len(pictures) // LOOKED_AT)]
    return float(((looked < NEAR * 255) | (looked > (1 - NEAR) * 255)).mean())


def choose_likelihood(autoencoder: AutoencoderKind, channels: int, binary_share: float) -> LikelihoodName:
    """Return the likelihood that suits pictures best.

    Parameters
    ----------
    autoencoder : str
        An AE or DAE is to have the least squared error: a Gaussian.
    channels : int
    binary_share : float
        The share of the pixels that are as good as black or white.
    """
    if autoencoder != "vae":
        return "gaussian"
    return "bernoulli" if channels == GREY and binary_share >= BINARY_SHARE else "logistic"
