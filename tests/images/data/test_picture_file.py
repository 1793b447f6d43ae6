from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from musicvae.errors import PictureError
from musicvae.images.data.picture_file import (
    count_png_bytes,
    is_grey,
    load_picture,
    resize,
    to_channels,
    to_image,
)

Save = Callable[[Path, np.ndarray], Path]
STRIPES = np.zeros((3, 10, 30), np.uint8)  # red, green and blue, each 10 pixels wide
for index in range(3):
    STRIPES[index, :, 10 * index : 10 * index + 10] = 255


def png_header(width: int, height: int) -> bytes:
    """Return the beginning of a PNG that says it has so many pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + head
        + struct.pack(">I", zlib.crc32(head))
        + b"\0\0\0\0IDAT"
        + b"5\xaf\x06\x1e"
    )


def test_the_middle_of_a_picture_is_kept(save: Save, tmp_path: Path) -> None:
    picture = load_picture(save(tmp_path / "a.png", STRIPES), 10)
    assert picture.shape == (3, 10, 10)
    assert picture.dtype == np.uint8
    assert (picture[1] == 255).all()
    assert (picture[[0, 2]] == 0).all()


def test_a_picture_of_the_size_is_as_it_was_and_another_is_scaled(save: Save, tmp_path: Path) -> None:
    green = save(tmp_path / "a.png", STRIPES[:, :, 10:20])
    assert np.array_equal(load_picture(green, 10), STRIPES[:, :, 10:20])
    assert load_picture(green, 8).shape == load_picture(green, 64)[:, :8, :8].shape
    assert load_picture(green, 64)[1].min() == 255


@pytest.mark.parametrize("suffix", ["jpg", "bmp", "gif", "webp", "tif", "ppm"])
def test_other_formats_are_read(save: Save, tmp_path: Path, suffix: str) -> None:
    picture = load_picture(save(tmp_path / f"a.{suffix}", STRIPES[:, :, 10:20]), 10)
    assert np.abs(picture.astype(int) - STRIPES[:, :, 10:20]).max() < 10


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(tmp_path / "a.png")
    assert (load_picture(tmp_path / "a.png", 8) == 255).all()


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    levels = np.linspace(0, 65535, 64).reshape(8, 8)
    Image.fromarray(levels.astype(np.uint16)).save(tmp_path / "a.png")
    assert np.abs(load_picture(tmp_path / "a.png", 8)[0] - levels / 257).max() <= 0.51


def test_a_picture_that_says_which_side_is_up_is_turned(tmp_path: Path) -> None:
    picture = Image.fromarray(np.ascontiguousarray(STRIPES[:, :, :10].transpose(1, 2, 0)))
    picture.paste((0, 0, 0), (0, 0, 10, 5))  # the upper half is black
    exif = Image.Exif()
    exif[0x0112] = 3  # turned by 180 degrees
    picture.save(tmp_path / "a.png", exif=exif)
    turned = load_picture(tmp_path / "a.png", 10)
    assert turned[0, 0, 0] == 255
    assert turned[0, 9, 0] == 0


@pytest.mark.parametrize("side", [10_000, 20_000])
def test_more_pixels_than_a_camera_has_are_refused_before_they_are_decoded(tmp_path: Path, side: int) -> None:
    (tmp_path / "bomb.png").write_bytes(png_header(side, side))
    with pytest.raises(PictureError, match="more than 80 million pixels, and is not opened"):
        load_picture(tmp_path / "bomb.png", 64)


def test_broken_files_are_an_error_in_a_sentence(save: Save, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (3, 64, 64)).astype(np.uint8)
    data = save(tmp_path / "whole.jpg", noise).read_bytes()
    for name, content in (("cut.jpg", data[: len(data) // 2]), ("words.png", b"words"), ("empty.gif", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PictureError, match=f"{name} cannot be read as a picture"):
            load_picture(tmp_path / name, 16)
    with pytest.raises(PictureError, match="there is no picture"):
        load_picture(tmp_path / "nowhere.png", 16)


def test_programs_that_draw_are_no_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\nshowpage\n")
    with pytest.raises(PictureError, match="cannot be read as a picture"):
        load_picture(tmp_path / "a.png", 8)


def test_grey_and_colour_become_each_other() -> None:
    assert not is_grey(STRIPES)
    grey = to_channels(STRIPES, 1)
    assert [int(grey[0, 0, x]) for x in (0, 10, 20)] == [76, 150, 29]  # the eye's weights of 255
    colour = to_channels(grey, 3)
    assert is_grey(colour)
    assert np.array_equal(to_channels(colour, 1), grey)
    assert to_channels(STRIPES, 3) is STRIPES


@pytest.mark.parametrize("channels", [1, 3])
def test_arrays_are_scaled_as_files_are(save: Save, tmp_path: Path, channels: int) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (2, channels, 9, 14)).astype(np.uint8)
    scaled = resize(pictures, 8)
    assert scaled.shape == (2, channels, 8, 8)
    assert np.array_equal(scaled[1], load_picture(save(tmp_path / "a.png", pictures[1]), 8)[:channels])
    assert resize(scaled, 8) is scaled


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
def test_a_picture_becomes_an_image_of_its_channels(channels: int, mode: str) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (channels, 6, 9)).astype(np.uint8)
    image = to_image(picture)
    assert (image.mode, image.size) == (mode, (9, 6))
    rows = np.asarray(image).reshape(6, 9, channels)
    assert np.array_equal(rows.transpose(2, 0, 1), picture)


def test_flat_pictures_make_a_smaller_png_than_noise() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (5, 3, 16, 16)).astype(np.uint8)
    assert count_png_bytes(np.zeros_like(noise)) < 200 < noise.size < count_png_bytes(noise)
