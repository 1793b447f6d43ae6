"""Pictures <-> compressed files: their codes, rounded.

The head of a packet tells how many pictures there are and by what step their codes are rounded. Its check is
of the rounded codes in whole steps, from which two machines make the same pictures but for the last digits
of their arithmetic. Nothing is handed out that was not expanded and compared before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from torch import Tensor

from musicvae.core.compression.byte_fields import FieldReader, FieldWriter
from musicvae.core.compression.code_quantiser import (
    STEPS_TO_ONE,
    bytes_to_codes,
    codes_to_bytes,
    step_to_size,
)
from musicvae.core.compression.packet import Packet, bytes_to_packet, make_check, packet_to_bytes
from musicvae.core.model_store.model_hash import identify
from musicvae.errors import PacketError
from musicvae.images.coding import decode_codes, encode_pictures
from musicvae.images.data.batches import to_floats, to_levels
from musicvae.images.data.picture_file import count_png_bytes
from musicvae.images.model import PictureAutoencoder
from musicvae.images.picture_family import PICTURE_MODELS
from musicvae.images.scoring import psnr

PICTURE_CODES = 3  # the kind of packet
MOST_PICTURES = 1_000_000
DEARER = 1.05  # what rounding codes may make of the squared error
TRIED_ON = 100  # pictures, to choose a step by
_LARGEST_STEP = 64.0
_STEPS_TO_DOUBLING = 2


class Compressed(NamedTuple):
    """The bytes of a file, by what step codes were rounded, and the pictures that they expand to.

    `pictures` are uint8, shape (N, C, H, W).
    """

    data: bytes
    step: float
    pictures: np.ndarray


class PackedSizes(NamedTuple):
    """Bytes of pictures compressed, as one PNG, and raw; bits each; the PSNR of what comes back, dB."""

    packed_bytes: int
    png_bytes: int
    raw_bytes: int
    bits_per_picture: float
    psnr: float


def compress(
    model: PictureAutoencoder, pictures: np.ndarray, step: float | None = None, model_name: str = ""
) -> Compressed:
    """Return pictures as the bytes of a file.

    Parameters
    ----------
    model : PictureAutoencoder
    pictures : np.ndarray of uint8, shape (N, C, H, W)
    step : float, optional
        To whose multiples codes are rounded; None: see `choose_step`.
    model_name : str
        What people call the model.

    Raises
    ------
    PacketError
        If codes lie too far out for the step, or do not come back.
    """
    codes = encode_pictures(model, pictures)
    size = step_to_size(choose_step(model, pictures, codes) if step is None else step)
    head = FieldWriter()
    head.number(len(pictures))
    head.number(size)
    step = size / STEPS_TO_ONE
    packet = Packet(
        kind=PICTURE_CODES,
        model=identify(model, PICTURE_MODELS),
        model_name=model_name,
        check=_check(codes, size),
        head=head.data,
        payload=codes_to_bytes(codes, step),
    )
    data = packet_to_bytes(packet)
    return Compressed(data, step, expand(model, data))


def expand(model: PictureAutoencoder, data: bytes) -> np.ndarray:
    """Return the pictures of a file that `compress` made, uint8, shape (N, C, H, W).

    Parameters
    ----------
    model : PictureAutoencoder
        The one that they were compressed by.
    data : bytes

    Raises
    ------
    PacketError
        If it is no such file, is damaged, needs another model, or does not come out as it went in.
    """
    packet = bytes_to_packet(data)
    if packet.kind != PICTURE_CODES:
        raise PacketError("it holds a song: expand it by `musicvae expand`")
    packet.require_model(identify(model, PICTURE_MODELS))
    head = FieldReader(packet.head)
    count, size = head.number(MOST_PICTURES), head.number(1 << 32)
    codes = bytes_to_codes(packet.payload, count, model.config.latent)
    packet.require_check(_check(codes, size))
    return to_levels(decode_codes(model, codes))


def measure_packed(pictures: np.ndarray, packed: Compressed) -> PackedSizes:
    """Return what compressing pictures came to."""
    size = len(packed.data)
    near = psnr(to_floats(pictures), to_floats(packed.pictures)).mean()
    bits = 8 * size / len(pictures)
    return PackedSizes(size, count_png_bytes(pictures), pictures.nbytes, bits, float(near))


def choose_step(model: PictureAutoencoder, pictures: np.ndarray, codes: Tensor) -> float:
    """Return the coarsest step that makes the squared error of pictures at most 5 % larger.

    How far codes reach is a matter of the model, of an AE's more than of a VAE's: so it is tried out.
    """
    every = -(-len(pictures) // TRIED_ON)
    some, clean = codes[::every], to_floats(pictures[::every])
    allowed = DEARER * _squared_error(model, some, clean)
    step = _LARGEST_STEP
    while step * STEPS_TO_ONE > 1 and _squared_error(model, (some / step).round() * step, clean) > allowed:
        step /= 2 ** (1 / _STEPS_TO_DOUBLING)
    return step


def _squared_error(model: PictureAutoencoder, codes: Tensor, clean: Tensor) -> float:
    return float((decode_codes(model, codes).cpu() - clean).pow(2).mean())


def _check(codes: Tensor, size: int) -> bytes:
    """Return the check of codes: of the multiples of the step that they are, or are nearest to."""
    whole = np.rint(codes.double().cpu().numpy() * (STEPS_TO_ONE / size))
    return make_check(whole.astype("<i4").tobytes())
