from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from musicvae.errors import PictureError
from musicvae.images.data.arrays import has_idx, load_digits, load_idx, load_npz, save_npz, to_pictures

Draw = Callable[..., np.ndarray]


def idx(array: np.ndarray) -> bytes:
    """Return an array of bytes as MNIST's files have it."""
    return struct.pack(f">{1 + array.ndim}I", 2048 + array.ndim, *array.shape) + array.tobytes()


def test_an_npz_has_its_splits_and_labels(discs: Draw, tmp_path: Path) -> None:
    train, test = discs(6), discs(3, seed=1)
    labels = np.arange(6)[:, None]  # CIFAR's loaders give a column
    np.savez(tmp_path / "a.npz", x_train=train[:, 0], x_test=test[:, 0], y_train=labels, y_test=np.arange(3))
    arrays = load_npz(tmp_path / "a.npz")
    assert np.array_equal(arrays.train.pictures, train)
    assert arrays.train.labels is not None
    assert arrays.train.labels.tolist() == list(range(6))
    assert arrays.test is not None
    assert np.array_equal(arrays.test.pictures, test)


def test_an_npz_may_have_pictures_to_train_on_alone(discs: Draw, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=discs(6))
    arrays = load_npz(tmp_path / "a.npz")
    assert arrays.test is None
    assert arrays.train.labels is None


@pytest.mark.parametrize("shape", [(5, 4, 6), (5, 4, 6, 1), (5, 1, 4, 6), (5, 4, 6, 3), (5, 3, 4, 6)])
def test_any_order_of_axes_is_understood(shape: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape)).reshape(shape).astype(np.uint8)
    pictures = to_pictures(array, "x")
    assert pictures.shape == (5, 3 if 3 in shape else 1, 4, 6)
    if shape == (5, 4, 6, 3):
        assert np.array_equal(pictures[2, 1], array[2, :, :, 1])


@pytest.mark.parametrize(
    "array",
    [
        np.array([0, 51, 255], np.uint8),
        np.array([0, 51, 255], np.int64),
        np.array([0, 51, 255], np.float32),
        np.array([0, 0.2, 1.0]),
    ],
)
def test_levels_and_shares_become_levels(array: np.ndarray) -> None:
    assert to_pictures(array.reshape(1, 1, 3), "x").ravel().tolist() == [0, 51, 255]


def test_yes_and_no_become_white_and_black() -> None:
    assert to_pictures(np.array([[[False, True]]]), "x").ravel().tolist() == [0, 255]


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.array([[[-1.0, 1.0]]]), "x holds values from -1 to 1: pictures are whole numbers from 0 to 255"),
        (np.array([[[0.0, 300.0]]]), "from 0 to 300"),
        (np.array([[[0.0, 2.5]]]), "from 0 to 2.5"),
        (np.array([[[0.0, np.nan]]]), "nan"),
        (np.array([[["a", "b"]]]), "pictures are numbers"),
        (np.zeros((5, 4)), r"shape \(5, 4\)"),
        (np.zeros((5, 4, 6, 2)), r"shape \(5, 4, 6, 2\)"),
        (np.zeros((5, 0, 6)), r"shape \(5, 1, 0, 6\)"),
    ],
)
def test_what_is_no_picture_is_refused(array: np.ndarray, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        to_pictures(array, "x")


def test_arrays_that_do_not_fit_are_refused(discs: Draw, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    for arrays, words in (
        ({"x": discs(3)}, "holds no x_train"),
        ({"x_train": discs(3), "y_train": np.arange(4)}, r"y_train .* has shape \(4,\) for 3 pictures"),
        ({"x_train": discs(3), "x_test": discs(3, 14)}, "different shapes"),
    ):
        np.savez(path, **arrays)  # type: ignore[arg-type]
        with pytest.raises(PictureError, match=words):
            load_npz(path)


def test_files_that_are_no_npz_of_plain_arrays_are_refused(discs: Draw, tmp_path: Path) -> None:
    np.savez(tmp_path / "objects.npz", x_train=np.array([{}, []], object))
    np.savez(tmp_path / "whole.npz", x_train=discs(30))
    whole = (tmp_path / "whole.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "words.npz").write_bytes(b"words")
    for name in ("objects.npz", "cut.npz", "words.npz"):
        with pytest.raises(PictureError, match="cannot be read: it must be an .npz of plain arrays"):
            load_npz(tmp_path / name)
    np.save(tmp_path / "one.npy", discs(3))
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    with pytest.raises(PictureError, match="is a single array: save it as x_train"):
        load_npz(tmp_path / "one.npz")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("dot", ["-", "."])
def test_mnists_files_are_read_packed_or_not(discs: Draw, tmp_path: Path, packed: bool, dot: str) -> None:
    train, test, labels = discs(6)[:, 0], discs(3)[:, 0], np.arange(6, dtype=np.uint8)
    for name, array in (
        (f"train-images{dot}idx3-ubyte", train),
        (f"train-labels{dot}idx1-ubyte", labels),
        (f"t10k-images{dot}idx3-ubyte", test),
        (f"t10k-labels{dot}idx1-ubyte", labels[:3]),
    ):
        data = idx(array)
        (tmp_path / (name + ".gz" * packed)).write_bytes(gzip.compress(data) if packed else data)
    assert has_idx(tmp_path)
    arrays = load_idx(tmp_path)
    assert np.array_equal(arrays.train.pictures[:, 0], train)
    assert arrays.train.labels is not None
    assert arrays.train.labels.tolist() == labels.tolist()
    assert arrays.test is not None
    assert np.array_equal(arrays.test.pictures[:, 0], test)


def test_damaged_idx_files_are_refused(discs: Draw, tmp_path: Path) -> None:
    path, whole = tmp_path / "train-images-idx3-ubyte", idx(discs(6)[:, 0])
    huge = struct.pack(">4I", 2051, 2**31, 2**15, 2**15)
    for content in (whole[:-1], whole + b"1", b"", idx(np.zeros(6, np.uint8)), huge):
        path.write_bytes(content)
        with pytest.raises(PictureError, match="no idx file of bytes, or is cut off"):
            load_idx(tmp_path)
    path.rename(tmp_path / "train-images-idx3-ubyte.gz")
    with pytest.raises(PictureError, match="is cut off"):
        load_idx(tmp_path)


def test_labels_of_idx_files_must_match(discs: Draw, tmp_path: Path) -> None:
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(discs(6)[:, 0]))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(np.zeros(5, np.uint8)))
    with pytest.raises(PictureError, match="6 pictures and 5 labels"):
        load_idx(tmp_path)


def test_the_digits_are_there_without_a_network() -> None:
    digits = load_digits().train
    assert digits.pictures.shape == (1797, 1, 8, 8)
    assert (digits.pictures.min(), digits.pictures.max()) == (0, 255)
    assert digits.labels is not None
    assert set(digits.labels.tolist()) == set(range(10))


@pytest.mark.parametrize("channels", [1, 3])
def test_saved_pictures_can_be_read_again(tmp_path: Path, channels: int) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (12, channels, 8, 8)).astype(np.uint8)
    save_npz(pictures, tmp_path / "a.npz")
    assert np.array_equal(load_npz(tmp_path / "a.npz").train.pictures, pictures)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_whole_numbers_of_0_and_1_are_black_and_white(dtype: type) -> None:
    assert to_pictures(np.eye(2, dtype=dtype)[None], "x").ravel().tolist() == [255, 0, 0, 255]
    assert to_pictures(np.full((1, 2, 2), 2, dtype), "x").max() == 2
    assert to_pictures(np.zeros((1, 2, 2), dtype), "x").max() == 0
