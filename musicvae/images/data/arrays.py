"""Data sets that are arrays: `.npz` files, MNIST's idx files, and the digits inside scikit-learn.

Pictures come out as uint8, (N, C, H, W), and labels as they were, (N,).
"""

from __future__ import annotations

import gzip
import math
import struct
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from musicvae.errors import PictureError
from musicvae.images.data.config import COLOUR, GREY
from musicvae.outputs import new_file

IDX_TRAIN, IDX_TEST = "train", "t10k"  # how MNIST's files begin
_IDX_PICTURES, _IDX_LABELS = 2051, 2049  # "magic numbers": unsigned bytes in 3 dimensions, and in 1
_MOST_BYTES = 8 << 30  # that an idx file may say it holds


class Labelled(NamedTuple):
    """Pictures (N, C, H, W), and a label of each, or None."""

    pictures: np.ndarray
    labels: np.ndarray | None

    def take(self, rows: np.ndarray) -> Labelled:
        """Return those of some rows."""
        return Labelled(self.pictures[rows], None if self.labels is None else self.labels[rows])


class Skipped(NamedTuple):
    """A file that was not read, and why."""

    path: Path
    reason: str


class Arrays(NamedTuple):
    """A data set: what to learn from, what was set apart for tests, and files that could not be read."""

    train: Labelled
    test: Labelled | None = None
    skipped: tuple[Skipped, ...] = ()


def load_npz(path: Path) -> Arrays:
    """Return the data set of an .npz: x_train, and if there are such, x_test, y_train, y_test.

    Raises
    ------
    PictureError
        If it cannot be read, or these arrays do not hold pictures or do not fit each other.
    """
    names = ("x_train", "y_train", "x_test", "y_test")
    try:
        stored = np.load(path, allow_pickle=False)
        if isinstance(stored, np.ndarray):
            raise PictureError(f"{path} is a single array: save it as x_train in an .npz")
        with stored:
            found = {name: stored[name] for name in names if name in stored}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise PictureError(f"{path} cannot be read: it must be an .npz of plain arrays") from error
    if "x_train" not in found:
        raise PictureError(f"{path} holds no x_train: name the array of pictures so")
    train = _labelled(found["x_train"], found.get("y_train"), "train", path)
    if "x_test" not in found:
        return Arrays(train)
    test = _labelled(found["x_test"], found.get("y_test"), "test", path)
    if train.pictures.shape[1:] != test.pictures.shape[1:]:
        raise PictureError(f"x_train and x_test in {path} hold pictures of different shapes: make them alike")
    return Arrays(train, test if len(test.pictures) else None)


def save_npz(pictures: np.ndarray, path: Path) -> None:
    """Write pictures of uint8, (N, C, H, W), as x_train of an .npz, as `load_npz` reads them.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    with new_file(path) as temporary:
        np.savez_compressed(temporary, x_train=pictures.squeeze(1) if pictures.shape[1] == GREY else pictures)


def _labelled(pictures: np.ndarray, labels: np.ndarray | None, name: str, path: Path) -> Labelled:
    if labels is not None:
        labels = labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels
        if labels.ndim != 1 or len(labels) != len(pictures):
            raise PictureError(
                f"y_{name} in {path} has shape {labels.shape} for {len(pictures)} pictures:"
                " give one label for each"
            )
    return Labelled(to_pictures(pictures, f"x_{name} in {path}"), labels)


def to_pictures(array: np.ndarray, name: str) -> np.ndarray:
    """Return an array of pictures as uint8, shape (N, C, H, W).

    Parameters
    ----------
    array : np.ndarray, shape (N, H, W), (N, H, W, C) or (N, C, H, W)
        Whole numbers from 0 to 255, or numbers from 0 to 1, also whole ones.
    name : str
        What errors call it.

    Raises
    ------
    PictureError
        If it is nothing of that.
    """
    if array.ndim == 3:
        array = array[:, None]
    elif array.ndim == 4 and array.shape[-1] in (GREY, COLOUR):
        array = np.moveaxis(array, -1, 1)
    if array.ndim != 4 or array.shape[1] not in (GREY, COLOUR) or 0 in array.shape[2:]:
        raise PictureError(
            f"{name} has shape {array.shape}: pictures are (N, H, W), (N, H, W, 3) or (N, 3, H, W)"
        )
    return np.ascontiguousarray(_to_levels(array, name))


def _to_levels(array: np.ndarray, name: str) -> np.ndarray:
    """Return numbers as the levels of 8 bits."""
    if not array.size:
        return array.astype(np.uint8)
    if array.dtype == bool or (array.dtype.kind in "iu" and array.min() >= 0 and array.max() == 1):
        return array.astype(np.uint8) * 255  # black and white, not nearly black
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind not in "iuf":
        raise PictureError(f"{name} holds {array.dtype}: pictures are numbers, 0 to 255 or 0 to 1")
    low, high = array.min(), array.max()
    if array.dtype.kind == "f" and low >= 0 and high <= 1:
        return (array * 255).round().astype(np.uint8)
    if low >= 0 and high <= 255 and (array == array.round()).all():
        return array.astype(np.uint8)
    raise PictureError(
        f"{name} holds values from {low:.4g} to {high:.4g}: pictures are whole numbers from 0 to 255,"
        " or numbers from 0 to 1, so scale them first"
    )


def has_idx(folder: Path) -> bool:
    """Say whether a folder holds MNIST's training pictures."""
    return _find_idx(folder, IDX_TRAIN, "images-idx3") is not None


def load_idx(folder: Path) -> Arrays:
    """Return the data set that a folder holds in MNIST's idx files, packed by gzip or not.

    Raises
    ------
    PictureError
        If a file is damaged, or labels do not fit.
    """
    test = _load_part(folder, IDX_TEST) if _find_idx(folder, IDX_TEST, "images-idx3") else None
    return Arrays(_load_part(folder, IDX_TRAIN), test)


def _find_idx(folder: Path, part: str, what: str) -> Path | None:
    # Both spellings are in use: train-images-idx3-ubyte and train-images.idx3-ubyte.
    names = [
        f"{part}-{name}-ubyte{packed}"
        for name in (what, what.replace("-idx", ".idx"))
        for packed in ("", ".gz")
    ]
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _load_part(folder: Path, part: str) -> Labelled:
    pictures_file = _find_idx(folder, part, "images-idx3")
    labels_file = _find_idx(folder, part, "labels-idx1")
    if pictures_file is None:
        raise PictureError(f"{folder} holds no {part}-images-idx3-ubyte: copy MNIST's files into it")
    pictures = _read_idx(pictures_file, _IDX_PICTURES, 3)
    labels = _read_idx(labels_file, _IDX_LABELS, 1) if labels_file else None
    if labels is not None and len(labels) != len(pictures):
        raise PictureError(
            f"{folder} holds {len(pictures)} pictures and {len(labels)} labels of {part}: copy its files anew"
        )
    return Labelled(to_pictures(pictures, str(pictures_file)), labels)


def _read_idx(path: Path, magic: int, dimensions: int) -> np.ndarray:
    damaged = PictureError(f"{path} is no idx file of bytes, or is cut off: copy it anew")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            header = file.read(4 * (1 + dimensions))
            if len(header) != 4 * (1 + dimensions):
                raise damaged
            found, *shape = struct.unpack(f">{1 + dimensions}I", header)
            size = math.prod(shape)
            if found != magic or size > _MOST_BYTES:
                raise damaged
            data = file.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise damaged from error
    if len(data) != size:
        raise damaged
    return np.frombuffer(data, np.uint8).reshape(shape)


def load_digits() -> Arrays:
    """Return the 1,797 handwritten digits of 8 x 8 pixels inside scikit-learn, all to be dealt out."""
    from sklearn.datasets import load_digits as load  # heavy, and needed for these alone

    digits = load()
    levels = (digits.images * (255 / 16)).round().astype(np.uint8)  # they have 17 levels
    return Arrays(Labelled(levels[:, None], digits.target.astype(np.int64)))
