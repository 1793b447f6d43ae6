from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from musicvae.errors import PictureError
from musicvae.images.data.arrays import Labelled
from musicvae.images.data.config import PictureConfig
from musicvae.images.data.named_pictures import (
    Name,
    caption_one,
    join_pictures,
    label_of,
    parse_name,
    read_file,
    take_test,
)
from musicvae.images.data.read import Pictures

SOME = Labelled(np.arange(20, dtype=np.uint8).reshape(20, 1, 1, 1), np.arange(20))
PICTURES = Pictures(SOME, SOME, SOME, tuple(map(str, range(20))), "some", False)


@pytest.mark.parametrize(
    ("named", "name"),
    [
        ("digits", Name("digits")),
        ("digits:3", Name("digits", 3)),
        ("a/mnist.npz:12", Name("a/mnist.npz", 12)),
        ("cat.JPG", Name("cat.JPG", is_file=True)),
        ("C:cats", Name("C:cats")),
        (":3", Name(":3")),
    ],
)
def test_a_name_is_of_a_file_a_data_set_or_one_of_its_pictures(named: str, name: Name) -> None:
    assert parse_name(named) == name


def test_what_is_there_is_taken_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "cats:3").mkdir()
    (tmp_path / "folder.png").mkdir()
    for name in ("cats:3", "folder.png"):
        assert parse_name(str(tmp_path / name)) == Name(str(tmp_path / name))


def test_some_are_drawn_by_the_seed_and_stay_in_order() -> None:
    first, again, other = (take_test(PICTURES, Name("some"), 6, seed) for seed in (1, 1, 2))
    assert first.pictures.ravel().tolist() == again.pictures.ravel().tolist()
    assert first.pictures.ravel().tolist() != other.pictures.ravel().tolist()
    assert np.all(np.diff(first.pictures.ravel().astype(int)) > 0)
    assert first.labels is not None
    assert first.labels.tolist() == first.pictures.ravel().tolist()
    assert len(take_test(PICTURES, Name("some"), 99).pictures) == 20


def test_a_picture_has_the_name_of_its_label() -> None:
    digits = replace(PICTURES, label_names=tuple("abcdefghijklmnopqrst"))
    assert label_of(digits, take_test(digits, Name("some", 3))) == "c"
    bare = Labelled(SOME.pictures, None)
    assert label_of(replace(digits, test=bare), bare) == ""


def test_numbers_count_from_one() -> None:
    assert take_test(PICTURES, Name("some", 1)).pictures.item() == 0
    assert take_test(PICTURES, Name("some", 20)).pictures.item() == 19
    for number in (0, 21):
        with pytest.raises(PictureError, match=f"20 test pictures and no number {number}"):
            take_test(PICTURES, Name("some", number))


def test_a_file_is_one_picture_as_the_model_knows_them(
    tmp_path: Path, discs: Callable[..., np.ndarray], save: Callable[[Path, np.ndarray], Path]
) -> None:
    path = save(tmp_path / "a.png", discs(1, 20, 3)[0])
    read = read_file(parse_name(str(path)), PictureConfig("ae", 12, std=0.1))
    assert (read.pictures.shape, read.notes) == ((1, 1, 12, 12), ("a",))
    both = join_pictures([read, read])
    assert (both.pictures.shape, both.notes) == ((2, 1, 12, 12), ("a", "a"))


def test_a_long_note_is_cut_off() -> None:
    assert caption_one(SOME, "short").notes == ("short",)
    assert caption_one(SOME, "a very long note").notes == ("a very long…",)
