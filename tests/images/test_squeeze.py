from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from musicvae.core.compression.packet import bytes_to_packet, packet_to_bytes
from musicvae.errors import PacketError
from musicvae.images.coding import decode_codes, encode_pictures
from musicvae.images.data.batches import to_floats
from musicvae.images.data.config import PictureConfig
from musicvae.images.model import PictureAutoencoder
from musicvae.images.squeeze import PICTURE_CODES, choose_step, compress, expand, measure_packed

AE = PictureConfig("ae", 12, latent=3, width=4, std=0.1)


def make_model(seed: int = 0) -> PictureAutoencoder:
    torch.manual_seed(seed)
    return PictureAutoencoder(AE).eval().requires_grad_(False)


def test_what_is_expanded_is_what_was_measured(discs: Callable[..., np.ndarray]) -> None:
    model, pictures = make_model(), discs(40)
    packed = compress(model, pictures)
    assert np.array_equal(expand(model, packed.data), packed.pictures)
    assert packed.pictures.shape == pictures.shape
    sizes = measure_packed(pictures, packed)
    assert (sizes.packed_bytes, sizes.raw_bytes) == (len(packed.data), 40 * 144)
    assert sizes.bits_per_picture == 8 * len(packed.data) / 40


def test_a_fine_step_comes_to_the_models_own_copies(discs: Callable[..., np.ndarray]) -> None:
    model, pictures = make_model(), discs(10)
    copies = decode_codes(model, encode_pictures(model, pictures))
    packed = compress(model, pictures, step=1 / 64)
    assert torch.allclose(to_floats(packed.pictures), copies, atol=0.02)
    assert len(packed.data) > len(compress(model, pictures, step=1).data)


def test_the_step_is_the_coarsest_that_costs_five_percent(discs: Callable[..., np.ndarray]) -> None:
    model, pictures = make_model(), discs(50)
    codes, clean = encode_pictures(model, pictures), to_floats(pictures)
    chosen = choose_step(model, pictures, codes)

    def error(step: float) -> float:
        rounded = codes if step == 0 else (codes / step).round() * step
        return float((decode_codes(model, rounded) - clean).pow(2).mean())

    assert chosen <= 1 / 64 or error(chosen) <= 1.05 * error(0)
    assert chosen == 64 or error(chosen * 2**0.5) > 1.05 * error(0)


def test_another_model_another_kind_or_damage_is_an_error(discs: Callable[..., np.ndarray]) -> None:
    model = make_model()
    data = compress(model, discs(3), model_name="discs").data
    with pytest.raises(PacketError, match="it needs another model, discs"):
        expand(make_model(1), data)
    packet = bytes_to_packet(data)
    with pytest.raises(PacketError, match="it holds a song: expand it by `musicvae expand`"):
        expand(model, packet_to_bytes(packet._replace(kind=PICTURE_CODES - 1)))
    with pytest.raises(PacketError, match="does not come out here as it went in"):
        expand(model, packet_to_bytes(packet._replace(check=b"none")))
    for broken in (data[:-3], data[:20] + b"\xff" + data[21:]):
        with pytest.raises(PacketError, match="damaged"):
            expand(model, broken)
