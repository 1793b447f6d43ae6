"""The picture autoencoder: the three choices of `core.autoencoder`, made for pictures."""

from __future__ import annotations

import torch
from torch import Tensor

from musicvae.core.autoencoder import Autoencoder, LikelihoodDecoder
from musicvae.core.bottleneck import make_bottleneck
from musicvae.core.corruption import Corruption, clipped, dropped_cells, gaussian_noise, in_turn, keep
from musicvae.images.data.batches import binarise
from musicvae.images.data.config import PictureConfig
from musicvae.images.likelihoods import make_likelihood
from musicvae.images.networks import make_decoder_network, make_encoder


def make_corruption(noise: float, drop: float) -> Corruption[Tensor]:
    """Return what a DAE learns to undo: noise, clipped to [0, 1], and then pixels set to 0."""
    corruptions = []
    if noise > 0:
        corruptions.append(clipped(gaussian_noise(noise)))
    if drop > 0:
        corruptions.append(dropped_cells(drop))
    return in_turn(*corruptions) if corruptions else keep


class PictureAutoencoder(Autoencoder[Tensor]):
    """Pictures <-> codes. Pictures are float, in [0, 1], shape (B, C, H, W); codes (B, Z).

    Parameters
    ----------
    config : PictureConfig
    """

    decoder: LikelihoodDecoder

    def __init__(self, config: PictureConfig) -> None:
        encoder, features = make_encoder(config)
        likelihood = make_likelihood(config)
        super().__init__(
            encoder,
            make_bottleneck(config.autoencoder, features, config.latent),
            LikelihoodDecoder(make_decoder_network(config, likelihood.parameters), likelihood),
            make_corruption(config.noise, config.drop),
        )
        self.config = config

    def observe(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Return pictures as the likelihood knows them: for a Bernoulli, of 0 and 1."""
        return binarise(x, self.config.binarise, generator)

    def decode(self, code: Tensor) -> Tensor:
        """Return the expected picture of each code, in [0, 1], shape (B, C, H, W)."""
        return self.decoder.mean(code).clamp(0, 1)

    def sample(self, code: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Return a drawn picture for each code, in [0, 1], shape (B, C, H, W): with the pixels' own noise."""
        return self.decoder.sample(code, generator).clamp(0, 1)
