"""Picture files -> arrays, and arrays -> arrays of another size.

Anybody's files are read here: only plain formats of pixels, no file of more pixels than a large camera's, and
whatever is wrong with one ends in a PictureError that says so.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from musicvae.errors import PictureError
from musicvae.images.data.config import COLOUR, GREY

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"))
MOST_PIXELS = 80_000_000  # of a file; as an array they take 240 MB
_DEEP_GREY = {"I;16", "I;16B", "I;16L", "I"}  # modes of 16 bits


def load_picture(path: Path, size: int) -> np.ndarray:
    """Return a picture file, scaled and cut to a square.

    The shorter side becomes `size`, and of the longer one the middle is kept; what is transparent
    becomes white, and a picture that says which side is up is turned.

    Returns
    -------
    np.ndarray of uint8, shape (3, size, size)

    Raises
    ------
    PictureError
        If it cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata; sizes are looked at below
            return _load(path, size)
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except FileNotFoundError as error:
        raise PictureError(f"there is no picture {path}: name another") from error
    except Exception as error:  # whatever bytes there are, the decoders end in one of many ways
        raise PictureError(
            f"{path} cannot be read as a picture: it is damaged, cut off, or none of {', '.join(FORMATS)}"
        ) from error


def _too_large(path: Path) -> PictureError:
    return PictureError(
        f"{path} has more than {MOST_PIXELS // 1_000_000} million pixels, and is not opened: scale it down"
    )


def _load(path: Path, size: int) -> np.ndarray:
    with Image.open(path, formats=FORMATS) as picture:
        # Known from the header, before a pixel is decoded.
        if picture.width * picture.height > MOST_PIXELS:
            raise _too_large(path)
        picture.draft("RGB", (2 * size, 2 * size))  # a JPEG is decoded no larger than it needs to be
        upright = ImageOps.exif_transpose(picture)
        return np.asarray(_fit(_to_rgb(upright), size)).transpose(2, 0, 1).copy()


def _to_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode in _DEEP_GREY:
        levels = np.asarray(picture, np.float32) / 257
        return Image.fromarray(levels.round().clip(0, 255).astype(np.uint8)).convert("RGB")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture.convert("RGB")


def _fit(picture: Image.Image, size: int) -> Image.Image:
    if picture.size == (size, size):
        return picture
    return ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS)


def is_grey(picture: np.ndarray) -> bool:
    """Say whether the channels of a picture (3, H, W) are all the same."""
    return bool((picture == picture[:1]).all())


def to_channels(pictures: np.ndarray, channels: int) -> np.ndarray:
    """Return pictures (..., C, H, W) in grey, by the usual weights of the eye, or in colour."""
    if pictures.shape[-3] == channels:
        return pictures
    if channels == COLOUR:
        return np.repeat(pictures, COLOUR, axis=-3)
    weights = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as Pillow has it
    grey = np.einsum("...chw,c->...hw", pictures.astype(np.float32), weights)
    return np.expand_dims(grey.round().clip(0, 255).astype(np.uint8), -3)


def resize(pictures: np.ndarray, size: int) -> np.ndarray:
    """Return uint8 pictures (N, C, H, W), scaled and cut to a square as `load_picture` does."""
    if pictures.shape[-2:] == (size, size):
        return pictures
    fitted = (np.asarray(_fit(to_image(each), size)) for each in pictures)
    return np.stack([each.reshape(size, size, -1).transpose(2, 0, 1) for each in fitted])


def to_image(picture: np.ndarray) -> Image.Image:
    """Return a picture of uint8, shape (C, H, W), as an image: grey if it has one channel."""
    if len(picture) == GREY:
        return Image.fromarray(np.ascontiguousarray(picture[0]))
    return Image.fromarray(np.ascontiguousarray(picture.transpose(1, 2, 0)))


def count_png_bytes(pictures: np.ndarray) -> int:
    """Return how large pictures (N, C, H, W) are as a PNG, all of them below each other in one."""
    _, channels, _, width = pictures.shape
    strip = pictures.transpose(1, 0, 2, 3).reshape(channels, -1, width)
    buffer = io.BytesIO()
    to_image(strip).save(buffer, "PNG", optimize=True)
    return buffer.tell()
