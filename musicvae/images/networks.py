"""Encoders and decoders of pictures: dense ones, and convolutional ones that work at strided resolutions.

An encoder maps x (B, C, H, W) to features (B, F); a decoder's network maps codes (B, Z) to the parameters
of a likelihood, (B, parameters * C, H, W).

The conv networks cut a picture into patches, so that its first grid has at most 16 cells a side, and halve
that once: whatever the size, nearly all the work is done on 8 x 8 cells or fewer. A processor multiplies
many channels on few cells several times faster than few channels on many.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from musicvae.images.data.config import PictureConfig

FINEST = 16  # cells a side, at most
GROUPS = 8  # of group norm, at most
FEATURES = 256  # of the conv encoder, F
DENSE_UNITS = 16  # a unit of width


class Grids(NamedTuple):
    """How a conv network cuts a picture: pixels a side of a patch, cells a side of both grids."""

    patch: int
    fine: int
    coarse: int


def grids_of(size: int) -> Grids:
    """Return the grids of a picture of so many pixels a side; its last patches may reach beyond it."""
    patch = 1
    while -(-size // patch) > FINEST:
        patch *= 2
    fine = -(-size // patch)
    return Grids(patch, fine, -(-fine // 2))


def make_encoder(config: PictureConfig) -> tuple[nn.Module, int]:
    """Return the encoder of a config, and the number of its features F."""
    if config.network == "dense":
        units = DENSE_UNITS * config.width
        return nn.Sequential(nn.Flatten(), *_layers(config.pixels, units, config.blocks + 1)), units
    return ConvEncoder(config), FEATURES


def make_decoder_network(config: PictureConfig, parameters: int) -> nn.Module:
    """Return the network of a config's decoder, for a likelihood of so many parameters a pixel."""
    if config.network == "dense":
        units = DENSE_UNITS * config.width
        out = parameters * config.channels
        last = nn.Linear(units, parameters * config.pixels)
        hidden = _layers(config.latent, units, config.blocks + 1)
        return nn.Sequential(*hidden, last, nn.Unflatten(1, (out, config.size, config.size)))
    return ConvDecoder(config, parameters)


def _layers(inputs: int, units: int, count: int) -> list[nn.Module]:
    """Return dense layers, each with its nonlinearity."""
    sizes = [inputs, *[units] * count]
    return [layer for pair in zip(sizes, sizes[1:], strict=False) for layer in (nn.Linear(*pair), nn.SiLU())]


def _norm(channels: int) -> nn.GroupNorm:
    groups = next(groups for groups in range(min(GROUPS, channels), 0, -1) if channels % groups == 0)
    return nn.GroupNorm(groups, channels)


def _lay_channels_last(network: nn.Module) -> None:
    """Lay the weights of convolutions out as a processor reads them fastest: by a fifth, in all."""
    for weight in network.parameters():
        if weight.ndim == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions beside a straight way, normalised before each (He et al. 2016, fig. 4e)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.change = nn.Sequential(
            _norm(channels),
            nn.SiLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
            _norm(channels),
            nn.SiLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return x with what the block adds to it."""
        return x + self.change(x)


class ConvEncoder(nn.Module):
    """Pictures -> features."""

    def __init__(self, config: PictureConfig) -> None:
        super().__init__()
        self.grids = grids_of(config.size)
        self.beyond = self.grids.fine * self.grids.patch - config.size  # pixels
        fine, coarse = config.width, 2 * config.width
        self.cells = nn.Sequential(
            nn.PixelUnshuffle(self.grids.patch),
            nn.Conv2d(config.channels * self.grids.patch**2, fine, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(fine, coarse, 3, stride=2, padding=1),
            *(ResidualBlock(coarse) for _ in range(config.blocks)),
            _norm(coarse),
            nn.SiLU(),
        )
        self.features = nn.Sequential(
            nn.Flatten(), nn.Linear(coarse * self.grids.coarse**2, FEATURES), nn.SiLU()
        )
        _lay_channels_last(self)

    def forward(self, x: Tensor) -> Tensor:
        """Return the features of pictures, shape (B, F)."""
        padded = functional.pad(x, (0, self.beyond, 0, self.beyond))
        return self.features(self.cells(padded.contiguous(memory_format=torch.channels_last)))


class ConvDecoder(nn.Module):
    """Codes -> the parameters of each pixel."""

    def __init__(self, config: PictureConfig, parameters: int) -> None:
        super().__init__()
        self.grids = grids_of(config.size)
        self.size = config.size
        fine, coarse = config.width, 2 * config.width
        side = self.grids.coarse
        self.begin = nn.Sequential(
            nn.Linear(config.latent, coarse * side**2), nn.Unflatten(1, (coarse, side, side))
        )
        self.cells = nn.Sequential(
            *(ResidualBlock(coarse) for _ in range(config.blocks)),
            _norm(coarse),
            nn.SiLU(),
            nn.ConvTranspose2d(coarse, fine, 4, stride=2, padding=1),
        )
        self.pixels = nn.Sequential(
            _norm(fine),
            nn.SiLU(),
            nn.Conv2d(fine, parameters * config.channels * self.grids.patch**2, 3, padding=1),
            nn.PixelShuffle(self.grids.patch),
        )
        _lay_channels_last(self)

    def forward(self, code: Tensor) -> Tensor:
        """Return the parameters of each pixel, shape (B, parameters * C, H, W)."""
        cells = self.cells(self.begin(code).contiguous(memory_format=torch.channels_last))
        fine = self.grids.fine
        return self.pixels(cells[..., :fine, :fine])[..., : self.size, : self.size].contiguous()
