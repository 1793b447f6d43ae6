from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from musicvae.errors import PictureError
from musicvae.images.data.config import PictureConfig
from musicvae.images.data.read import Pictures, ReadOptions, options_for, read_picture, read_pictures

Draw = Callable[..., np.ndarray]
Save = Callable[[Path, np.ndarray], Path]


def parts(pictures: Pictures) -> list[np.ndarray]:
    return [part.pictures for part in (pictures.train, pictures.validation, pictures.test)]


def as_set(pictures: np.ndarray) -> set[bytes]:
    return {picture.tobytes() for picture in pictures}


@pytest.fixture
def folder(discs: Draw, save: Save, tmp_path: Path) -> Path:
    """Return a folder of 30 pictures in colour, half of them in each of two sub-folders."""
    for number, picture in enumerate(discs(30, 20, 3)):
        save(tmp_path / "pictures" / ("red", "blue")[number % 2] / f"{number}.png", picture)
    return tmp_path / "pictures"


def test_a_folder_becomes_three_splits_that_have_nothing_in_common(folder: Path) -> None:
    read = read_pictures(folder, ReadOptions(size=16, validation=0.2))
    train, validation, test = parts(read)
    assert (len(train), len(validation), len(test)) == (21, 6, 3)
    assert train.shape[1:] == (3, 16, 16)
    assert train.dtype == np.uint8
    assert len(as_set(train) | as_set(validation) | as_set(test)) == 30
    assert not read.published_test


def test_the_seed_draws_the_splits(folder: Path) -> None:
    first, again, other = (read_pictures(folder, ReadOptions(16, seed=seed)) for seed in (0, 0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(parts(first), parts(again), strict=True))
    assert as_set(first.test.pictures) != as_set(other.test.pictures)


def test_sub_folders_are_the_labels_of_their_pictures(folder: Path) -> None:
    read = read_pictures(folder, ReadOptions(16))
    assert read.label_names == ("blue", "red")
    labels = [part.labels for part in (read.train, read.validation, read.test)]
    assert sum(int((label == 1).sum()) for label in labels if label is not None) == 15


def test_files_have_64_pixels_a_side_unless_told(folder: Path) -> None:
    assert read_pictures(folder).size == 64


def test_pictures_are_grey_if_all_are_or_if_told(
    folder: Path, discs: Draw, save: Save, tmp_path: Path
) -> None:
    assert read_pictures(folder, ReadOptions(16)).channels == 3
    assert read_pictures(folder, ReadOptions(16, channels=1)).channels == 1
    for number, picture in enumerate(discs(12)):
        save(tmp_path / "grey" / f"{number}.png", picture)
    assert read_pictures(tmp_path / "grey", ReadOptions(16)).channels == 1
    assert read_pictures(tmp_path / "grey", ReadOptions(16, channels=3)).channels == 3


def test_a_broken_file_among_good_ones_is_skipped_and_told(folder: Path) -> None:
    (folder / "red" / "broken.jpg").write_bytes(b"words")
    (folder / ".hidden.png").write_bytes(b"words")
    (folder / "notes.txt").write_text("words")
    read = read_pictures(folder, ReadOptions(16))
    assert sum(map(len, parts(read))) == 30
    [skipped] = read.skipped
    assert skipped.path.name == "broken.jpg"
    assert "cannot be read as a picture" in skipped.reason


def test_progress_is_told(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    read_pictures(folder, ReadOptions(16), lambda done, total: told.append((done, total)))
    assert told == [(done, 30) for done in range(1, 31)]


def test_a_published_test_split_is_kept(discs: Draw, tmp_path: Path) -> None:
    train, test = discs(20), discs(7, seed=1)
    np.savez(
        tmp_path / "a.npz", x_train=train, x_test=test, y_train=np.arange(20) % 3, y_test=np.arange(7) % 2
    )
    read = read_pictures(tmp_path / "a.npz", ReadOptions(validation=0.1))
    assert np.array_equal(read.test.pictures, test)
    assert as_set(read.train.pictures) | as_set(read.validation.pictures) == as_set(train)
    assert len(read.validation.pictures) == 2
    assert read.published_test
    assert read.label_names == ("0", "1", "2")
    assert read.test.labels is not None
    assert read.test.labels.tolist() == [0, 1, 0, 1, 0, 1, 0]


def test_labels_follow_their_pictures(discs: Draw, tmp_path: Path) -> None:
    pictures = discs(20)
    np.savez(tmp_path / "a.npz", x_train=pictures, y_train=np.arange(20) * 10)
    read = read_pictures(tmp_path / "a.npz")
    for part in (read.train, read.validation, read.test):
        assert part.labels is not None
        for picture, label in zip(part.pictures, part.labels, strict=True):
            assert np.array_equal(picture, pictures[int(read.label_names[label]) // 10])


def test_arrays_keep_their_size_unless_told(discs: Draw, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=discs(12)[..., :10])
    assert read_pictures(tmp_path / "a.npz").size == 10
    assert read_pictures(tmp_path / "a.npz", ReadOptions(size=14)).size == 14


def test_the_digits_are_the_default() -> None:
    read = read_pictures()
    assert (read.source, read.size, read.channels) == ("digits", 8, 1)
    assert [len(part) for part in parts(read)] == [1527, 90, 180]


def test_one_picture_is_read_as_a_model_knows_them(discs: Draw, save: Save, tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", discs(1, 30, 3)[0])
    assert read_picture(path, PictureConfig("ae", 16)).shape == (1, 16, 16)
    assert read_picture(path, PictureConfig("ae", 16, channels=3)).shape == (3, 16, 16)


def test_a_model_is_tested_on_what_its_training_kept_from_it(folder: Path) -> None:
    trained = read_pictures(folder, ReadOptions(16, validation=0.2, seed=7))
    config = PictureConfig("ae", 16, channels=3, split_seed=trained.seed)
    tested = read_pictures(folder, options_for(config))
    assert np.array_equal(tested.test.pictures, trained.test.pictures)
    assert not as_set(tested.test.pictures) & as_set(trained.train.pictures)


def test_what_cannot_be_learned_from_is_refused_in_a_sentence(discs: Draw, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.png").write_bytes(b"words")
    (tmp_path / "a.png").write_bytes(b"words")
    np.savez(tmp_path / "few.npz", x_train=discs(9))
    np.savez(tmp_path / "small.npz", x_train=discs(12)[..., :6])
    for name, words in (
        ("empty", "no pictures under .*empty"),
        ("broken", "none of the 1 files under .* can be read"),
        ("nowhere", "there is no .*nowhere: name a folder of pictures, an .npz file or `digits`"),
        ("a.png", "neither a folder nor an .npz file"),
        ("few.npz", "9 pictures are too few"),
        ("small.npz", "pictures of 6 pixels a side cannot be learned: name a --size from 8 to 512"),
    ):
        with pytest.raises(PictureError, match=words):
            read_pictures(tmp_path / name)


def test_a_table_of_labels_is_for_folders_of_files(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*.png")]
    table.write_text("file,label\n" + "".join(f"{name},{len(name)}\n" for name in names))
    assert len(read_pictures(folder, ReadOptions(16, labels=table)).label_names) > 1
    with pytest.raises(PictureError, match="labels are for folders of picture files"):
        read_pictures("digits", ReadOptions(labels=table))
