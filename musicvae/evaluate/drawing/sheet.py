"""Sheets of pictures: rows of small ones, each row with its caption on the left, as one PNG.

::

    draw_sheet([Line("original", originals), Line("reconstruction", copies)], Path("out.png"))

Small pictures are enlarged by whole numbers, pixel for pixel, so that nothing is smoothed away. Lines that
are longer than a sheet is wide are broken together, like the voices of a score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from musicvae.evaluate.drawing.figure_file import MARK, provenance_to_comment, require_drawable
from musicvae.images.data.picture_file import to_image
from musicvae.outputs import new_file
from musicvae.provenance import Provenance

SUFFIXES = (".png",)  # of a sheet's file
COLUMNS = 12  # pictures side by side, unless told
SEEN_SIDE = 84  # pixels a side that a picture has on the sheet, about
_GAP, _BAND_GAP, _MARGIN = 4, 16, 12
_FONT_SIZE, _NOTE_SIZE = 14, 12
_FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"  # knows most alphabets
_LONGEST_CAPTION = 24  # letters
_PAPER, _INK, _NOTE_INK = (255, 255, 255), (34, 41, 54), (107, 116, 134)


class Line(NamedTuple):
    """Pictures side by side, and what to write at them.

    Parameters
    ----------
    caption : str
        On the left; empty: nothing.
    pictures : np.ndarray of uint8, shape (N, C, H, W)
    notes : tuple of str
        Below each picture, or none at all.
    """

    caption: str
    pictures: np.ndarray
    notes: tuple[str, ...] = ()


class _Layout(NamedTuple):
    """Where things lie on a sheet, in pixels.

    `scale` is how many pixels a side show one of a picture's, `left` where the first column begins.
    """

    scale: int
    columns: int
    width: int
    height: int
    left: int

    @property
    def step(self) -> int:
        """From one column to the next."""
        return self.width * self.scale + _GAP

    def line_height(self, line: Line) -> int:
        """From a line to the next."""
        return self.height * self.scale + _GAP + (_NOTE_SIZE + _GAP if line.notes else 0)


def draw_sheet(
    lines: Sequence[Line],
    path: Path,
    overwrite: bool = False,
    provenance: Provenance | None = None,
    columns: int = COLUMNS,
) -> None:
    """Write a sheet as a PNG.

    Raises
    ------
    ValueError
        As `make_sheet` does.
    OutputError
        If the file cannot be written, or is somebody else's.
    """
    write_image(make_sheet(lines, columns), path, overwrite, provenance)


def write_pictures(
    pictures: np.ndarray, path: Path, overwrite: bool = False, provenance: Provenance | None = None
) -> None:
    """Write pictures (N, C, H, W) of uint8 as a PNG: a single one as it is, several as a sheet.

    Raises
    ------
    OutputError
        If the file cannot be written, or is somebody else's.
    """
    image = to_image(pictures[0]) if len(pictures) == 1 else make_sheet([Line("", pictures)])
    write_image(image, path, overwrite, provenance)


def write_image(
    image: Image.Image, path: Path, overwrite: bool = False, provenance: Provenance | None = None
) -> None:
    """Write an image as a PNG that says who drew it, and how it came about.

    Raises
    ------
    OutputError
        If the name does not end in .png, or as `require_drawable` does.
    """
    require_drawable(path, overwrite, SUFFIXES)
    info = PngInfo()
    info.add_text("Software", MARK)
    if provenance is not None:
        info.add_text("Comment", provenance_to_comment(provenance))
    with new_file(path) as temporary:
        image.save(temporary, "PNG", pnginfo=info, optimize=True)


def make_sheet(lines: Sequence[Line], columns: int = COLUMNS) -> Image.Image:
    """Return lines of pictures below each other.

    Raises
    ------
    ValueError
        If there is no picture, pictures differ in size, or a line has not a note for each of its own.
    """
    sides = {line.pictures.shape[-2:] for line in lines}
    if len(sides) != 1 or not all(len(line.pictures) for line in lines):
        raise ValueError("a sheet needs pictures of one size in every line")
    if any(line.notes and len(line.notes) != len(line.pictures) for line in lines):
        raise ValueError("a line needs a note for each of its pictures, or none")
    layout = _lay_out(lines, sides.pop(), columns)
    bands = _break_lines(lines, layout.columns)
    heights = [sum(map(layout.line_height, band)) for band in bands]
    size = (
        layout.left + layout.columns * layout.step - _GAP + _MARGIN,
        sum(heights) + (len(bands) - 1) * _gap_between(lines) - _GAP + 2 * _MARGIN,
    )
    sheet, top = Image.new("RGB", size, _PAPER), _MARGIN
    for band, height in zip(bands, heights, strict=True):
        _paste_band(sheet, band, top, layout)
        top += height + _gap_between(lines)
    return sheet


def _shorten(caption: str) -> str:
    return caption if len(caption) <= _LONGEST_CAPTION else caption[: _LONGEST_CAPTION - 1] + "…"


def _gap_between(lines: Sequence[Line]) -> int:
    """Return the pixels between bands: a single line is just a grid."""
    return _BAND_GAP if len(lines) > 1 else 0


def _lay_out(lines: Sequence[Line], sides: tuple[int, int], columns: int) -> _Layout:
    height, width = sides
    font = ImageFont.truetype(_FONT, _FONT_SIZE)
    captions = math.ceil(max(font.getlength(_shorten(line.caption)) for line in lines))
    left = _MARGIN + (captions + _MARGIN if captions else 0)
    longest = max(len(line.pictures) for line in lines)
    return _Layout(max(1, round(SEEN_SIDE / max(sides))), min(columns, longest), width, height, left)


def _break_lines(lines: Sequence[Line], columns: int) -> list[list[Line]]:
    """Return the lines in pieces that a sheet is wide enough for."""
    longest = max(len(line.pictures) for line in lines)
    bands = []
    for begin in range(0, longest, columns):
        part = slice(begin, begin + columns)
        pieces = [Line(line.caption, line.pictures[part], line.notes[part]) for line in lines]
        bands.append([piece for piece in pieces if len(piece.pictures)])
    return bands


def _paste_band(sheet: Image.Image, band: Sequence[Line], top: int, layout: _Layout) -> None:
    draw = ImageDraw.Draw(sheet)
    font, small = ImageFont.truetype(_FONT, _FONT_SIZE), ImageFont.truetype(_FONT, _NOTE_SIZE)
    side = layout.height * layout.scale
    for line in band:
        place = (layout.left - _MARGIN, top + side // 2)
        draw.text(place, _shorten(line.caption), _INK, font, anchor="rm")
        for index, picture in enumerate(line.pictures):
            sheet.paste(_enlarge(picture, layout.scale), (layout.left + index * layout.step, top))
        for index, note in enumerate(line.notes):
            middle = layout.left + index * layout.step + layout.width * layout.scale // 2
            draw.text((middle, top + side + 2), note, _NOTE_INK, small, anchor="ma")
        top += layout.line_height(line)


def spread(pictures: np.ndarray, places: Sequence[int], count: int) -> np.ndarray:
    """Return pictures (N, C, H, W) at some places of a line of so many, the others as white as the paper."""
    line = np.full((count, *pictures.shape[1:]), 255, np.uint8)
    line[list(places)] = pictures
    return line


def _enlarge(picture: np.ndarray, scale: int) -> Image.Image:
    image = to_image(picture).convert("RGB")
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
