"""Sheets of pictures: rows of small ones, each row with its caption, as one PNG.

::

    draw_sheet([Line("original", originals), Line("reconstruction", copies)], Path("out.png"))

Small pictures are enlarged by whole numbers, pixel for pixel, so that nothing is smoothed away.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from musicvae.errors import OutputError
from musicvae.evaluate.picture_file import MARK, require_picture_room
from musicvae.outputs import new_file

SEEN_SIDE = 56  # pixels a side that a picture has on the sheet, about
_GAP, _FONT_SIZE, _PAPER, _INK = 3, 14, (255, 255, 255), (40, 40, 40)


class Line(NamedTuple):
    """Pictures side by side, and what to write above them.

    Parameters
    ----------
    caption : str
        Empty: nothing.
    pictures : np.ndarray of uint8, shape (N, C, H, W)
    """

    caption: str
    pictures: np.ndarray


def draw_sheet(lines: Sequence[Line], path: Path, overwrite: bool = False) -> None:
    """Write a sheet as a PNG.

    Raises
    ------
    ValueError
        As `make_sheet` does.
    OutputError
        If the file cannot be written, or is somebody else's.
    """
    require_sheet_room(path, overwrite)
    sheet, info = make_sheet(lines), PngInfo()
    info.add_text("Software", MARK)
    with new_file(path) as temporary:
        sheet.save(temporary, "PNG", pnginfo=info)


def require_sheet_room(path: Path, overwrite: bool = False) -> None:
    """Check, before long work, that a sheet may be written here.

    Raises
    ------
    OutputError
        If the suffix is not .png, or as `require_picture_room` does.
    """
    if path.suffix.lower() != ".png":
        raise OutputError(f"cannot draw {path}: end its name in .png")
    require_picture_room(path, overwrite)


def make_sheet(lines: Sequence[Line]) -> Image.Image:
    """Return lines of pictures below each other.

    Raises
    ------
    ValueError
        If there is no picture, or pictures differ in size.
    """
    sides = {line.pictures.shape[-2:] for line in lines}
    if len(sides) != 1 or not all(len(line.pictures) for line in lines):
        raise ValueError("a sheet needs pictures of one size in every line")
    ((height, width),) = sides
    scale = max(1, round(SEEN_SIDE / max(height, width)))
    strips = [_strip(line, scale) for line in lines]
    total = (max(strip.width for strip in strips), sum(strip.height for strip in strips))
    sheet, top = Image.new("RGB", total, _PAPER), 0
    for strip in strips:
        sheet.paste(strip, (0, top))
        top += strip.height
    return sheet


def _strip(line: Line, scale: int) -> Image.Image:
    count, _, height, width = line.pictures.shape
    step = width * scale + _GAP
    above = _FONT_SIZE + 2 * _GAP if line.caption else 0
    font = ImageFont.load_default(_FONT_SIZE)
    room = max(_GAP + count * step, round(font.getlength(line.caption)) + 2 * _GAP)
    strip = Image.new("RGB", (room, above + height * scale + _GAP), _PAPER)
    if line.caption:
        ImageDraw.Draw(strip).text((_GAP, _GAP), line.caption, _INK, font)
    for index, picture in enumerate(line.pictures):
        strip.paste(_enlarge(picture, scale), (_GAP + index * step, above))
    return strip


def _enlarge(picture: np.ndarray, scale: int) -> Image.Image:
    rows = np.broadcast_to(picture, (3, *picture.shape[1:])).transpose(1, 2, 0)
    image = Image.fromarray(np.ascontiguousarray(rows))
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
