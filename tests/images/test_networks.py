from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from musicvae.images.data.config import PictureConfig
from musicvae.images.networks import grids_of, make_decoder_network, make_encoder

CONV = PictureConfig("ae", 28, width=4, latent=5)


@pytest.mark.parametrize(
    ("size", "grids"),
    [
        (8, (1, 8, 4)),
        (9, (1, 9, 5)),
        (16, (1, 16, 8)),
        (28, (2, 14, 7)),
        (32, (2, 16, 8)),
        (33, (4, 9, 5)),
        (64, (4, 16, 8)),
    ],
)
def test_a_picture_is_cut_so_that_no_grid_is_finer_than_16_cells(size: int, grids: tuple[int, ...]) -> None:
    assert grids_of(size) == grids


@pytest.mark.parametrize("network", ["conv", "dense"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [8, 9, 28, 31, 32, 50, 64])
def test_any_size_in_grey_and_colour_has_a_way_to_codes_and_back(
    network: str, channels: int, size: int
) -> None:
    config = replace(CONV, network=network, channels=channels, size=size)  # type: ignore[arg-type]
    encoder, features = make_encoder(config)
    assert encoder(torch.rand(2, *config.shape)).shape == (2, features)
    output = make_decoder_network(config, parameters=2)(torch.randn(2, config.latent))
    assert output.shape == (2, 2 * channels, size, size)


@pytest.mark.parametrize("size", [9, 28, 33])
def test_every_pixel_is_seen_and_every_pixel_is_said_by_all_of_a_code(size: int) -> None:
    torch.manual_seed(0)
    config = replace(CONV, size=size)
    x = torch.rand(1, *config.shape).requires_grad_()
    encoder, _ = make_encoder(config)
    [seen] = torch.autograd.grad(encoder(x).pow(2).sum(), x)
    assert (seen != 0).all()
    network = make_decoder_network(config, 1)
    codes = torch.eye(config.latent)
    assert ((network(codes) - network(torch.zeros_like(codes))).abs() > 0).flatten(1).any(1).all()


def test_more_blocks_and_width_are_more_weights() -> None:
    def count(config: PictureConfig) -> int:
        return sum(weight.numel() for weight in make_encoder(config)[0].parameters())

    assert count(CONV) < count(replace(CONV, blocks=2)) < count(replace(CONV, blocks=2, width=8))
    dense = replace(CONV, network="dense")
    assert count(dense) < count(replace(dense, blocks=2)) < count(replace(dense, blocks=2, width=8))
