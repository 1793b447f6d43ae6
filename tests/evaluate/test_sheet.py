from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from musicvae.errors import OutputError
from musicvae.evaluate.sheet import Line, draw_sheet, make_sheet

RED = np.zeros((2, 3, 28, 28), np.uint8)
RED[:, 0] = 255
GREY = np.full((2, 1, 28, 28), 128, np.uint8)


def test_pictures_stand_in_rows_enlarged_pixel_for_pixel() -> None:
    sheet = np.asarray(make_sheet([Line("", RED), Line("", GREY)]))
    assert sheet.shape == (2 * (56 + 3), 3 + 2 * (56 + 3), 3)
    assert (sheet[:56, 3:59] == (255, 0, 0)).all()
    assert (sheet[59 : 59 + 56, 62:118] == 128).all()
    assert (sheet[56:59] == 255).all()


def test_a_caption_stands_above_its_row_and_is_never_cut_off() -> None:
    plain, told = (make_sheet([Line(caption, GREY)]) for caption in ("", "a caption that is rather long"))
    assert told.height > plain.height
    assert told.width > plain.width
    assert (np.asarray(told)[: told.height - plain.height] < 128).any()


def test_large_pictures_are_not_made_smaller() -> None:
    assert make_sheet([Line("", np.zeros((1, 3, 100, 100), np.uint8))]).size == (106, 103)


def test_a_sheet_is_a_png_with_a_mark_and_may_be_drawn_again(tmp_path: Path) -> None:
    for _ in range(2):
        draw_sheet([Line("x", RED)], tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.format == "PNG"
        assert picture.info["Software"] == "drawn by musicvae"


def test_somebody_elses_picture_is_left_alone(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    with pytest.raises(OutputError, match="was not drawn by musicvae: use --force"):
        draw_sheet([Line("x", RED)], tmp_path / "a.png")
    draw_sheet([Line("x", RED)], tmp_path / "a.png", overwrite=True)
    with pytest.raises(OutputError, match="end its name in .png"):
        draw_sheet([Line("x", RED)], tmp_path / "a.jpg")


def test_pictures_of_two_sizes_or_none_are_no_sheet() -> None:
    for lines in ([Line("", RED), Line("", GREY[..., :20])], [Line("", RED[:0])], []):
        with pytest.raises(ValueError, match="of one size in every line"):
            make_sheet(lines)
