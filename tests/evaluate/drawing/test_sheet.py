from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from musicvae.errors import OutputError
from musicvae.evaluate.drawing.sheet import Line, draw_sheet, make_sheet, spread, write_pictures
from musicvae.provenance import Provenance

RED = np.zeros((2, 3, 28, 28), np.uint8)
RED[:, 0] = 255
GREY = np.full((2, 1, 28, 28), 128, np.uint8)


def test_pictures_stand_in_rows_enlarged_pixel_for_pixel() -> None:
    sheet = np.asarray(make_sheet([Line("", RED), Line("", GREY)]))
    assert sheet.shape == (2 * 84 + 4 + 2 * 12, 2 * 84 + 4 + 2 * 12, 3)
    assert (sheet[12:96, 12:96] == (255, 0, 0)).all()
    assert (sheet[100:184, 100:184] == 128).all()
    for margin in (sheet[:12], sheet[96:100], sheet[:, 96:100], sheet[184:], sheet[:, 184:]):
        assert (margin == 255).all()


def test_a_caption_stands_left_of_its_row_and_a_long_one_is_cut() -> None:
    plain, told, long, longer = (make_sheet([Line("x" * count, GREY)]) for count in (0, 9, 50, 99))
    assert plain.width < told.width < long.width == longer.width
    assert plain.height == told.height
    assert (np.asarray(told)[:, : told.width - plain.width] < 128).any()


def test_notes_stand_below_their_pictures() -> None:
    plain, told = (make_sheet([Line("", GREY, notes)]) for notes in ((), ("\N{MINUS SIGN}1", "+1")))
    assert told.height > plain.height
    below = np.asarray(told)[12 + 84 :, :, 0]
    assert (below[:, 12:96] < 200).any()
    assert (below[:, 100:184] < 200).any()
    with pytest.raises(ValueError, match="a note for each of its pictures"):
        make_sheet([Line("", GREY, ("one",))])


def test_long_lines_are_broken_together() -> None:
    lines = [Line("", np.concatenate([RED, RED, RED[:1]])), Line("", np.concatenate([GREY, GREY, GREY[:1]]))]
    sheet = np.asarray(make_sheet(lines, columns=2))
    assert sheet.shape[1] == 2 * 84 + 4 + 2 * 12
    band = 2 * (84 + 4) + 16
    for index in range(3):
        top = 12 + index * band
        assert (sheet[top : top + 84, 12:96] == (255, 0, 0)).all()
        assert (sheet[top + 88 : top + 172, 12:96] == 128).all()
    assert (sheet[12 + 2 * band :, 100:] == 255).all()  # five pictures leave a place free


def test_large_pictures_are_not_made_smaller() -> None:
    assert make_sheet([Line("", np.zeros((1, 3, 100, 100), np.uint8))]).size == (124, 124)


def test_a_line_may_have_places_without_pictures() -> None:
    line = spread(RED, [0, -1], 4)
    assert line.shape == (4, 3, 28, 28)
    assert np.array_equal(line[[0, 3]], RED)
    assert (line[1:3] == 255).all()


def test_one_picture_is_written_as_it_is_and_several_as_a_sheet(tmp_path: Path) -> None:
    for pictures, size in ((GREY[:1], (28, 28)), (GREY, (196, 108))):
        write_pictures(pictures, tmp_path / "a.png")
        with Image.open(tmp_path / "a.png") as picture:
            assert picture.size == size


def test_a_sheet_says_how_it_came_about(tmp_path: Path) -> None:
    made = Provenance("musicvae images generate OUT", 3, "images-model", (), "0.1.0")
    draw_sheet([Line("", RED)], tmp_path / "a.png", provenance=made)
    with Image.open(tmp_path / "a.png") as picture:
        told = json.loads(picture.info["Comment"])
    assert told == {
        "command": "musicvae images generate OUT",
        "seed": 3,
        "model": "images-model",
        "version": "0.1.0",
    }


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
