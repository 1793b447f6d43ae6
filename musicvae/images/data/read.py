"""Pictures to learn from and to be tested on, whatever they are kept in.

::

    digits               the 8 x 8 digits inside scikit-learn; nothing to download
    FOLDER               picture files, of any size, in sub-folders or not
    FOLDER               MNIST's idx files, packed by gzip or not
    FILE.npz             arrays x_train, x_test, y_train, y_test

A test split that was published is kept; where there is none, a tenth of the pictures becomes it. Pictures to
validate by are taken from those to train on. Both are drawn by the seed, and no picture is in two splits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from musicvae.errors import PictureError
from musicvae.images.data.arrays import Arrays, Labelled, Skipped, has_idx, load_digits, load_idx, load_npz
from musicvae.images.data.config import GREY, LARGEST, SMALLEST, PictureConfig
from musicvae.images.data.labels import label_files
from musicvae.images.data.picture_file import SUFFIXES, is_grey, load_picture, resize, to_channels
from musicvae.images.data.training_defaults import VALIDATION

DIGITS = "digits"
FOLDER_SIZE = 64  # of pictures in a folder, unless told
TEST_SHARE = 0.1
FEWEST = 10  # pictures that can be dealt out

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ReadOptions:
    """How pictures are read.

    Parameters
    ----------
    size : int, optional
        Pixels a side; None: as arrays have it, and 64 for files.
    channels : int, optional
        1 makes pictures grey, 3 colour; None: grey if they all are.
    labels : Path, optional
        Of the files in a folder: see `images.data.labels`.
    validation : float
        Share of the training pictures that the best model is chosen by.
    seed : int
        Of the splits.
    """

    size: int | None = None
    channels: int | None = None
    labels: Path | None = None
    validation: float = VALIDATION
    seed: int = 0


@dataclass(frozen=True)
class Pictures:
    """What was read, dealt out.

    Parameters
    ----------
    train, validation, test : Labelled
        Pictures (N, C, H, W) of uint8, H = W; labels (N,) are indexes into `label_names`, or None.
    label_names : tuple of str
    source : str
        What it was read from, as it was named.
    published_test : bool
        Whether the test split came with the data.
    seed : int
        By which they were dealt out.
    skipped : tuple of Skipped
        Files that could not be read.
    """

    train: Labelled
    validation: Labelled
    test: Labelled
    label_names: tuple[str, ...]
    source: str
    published_test: bool
    seed: int = 0
    skipped: tuple[Skipped, ...] = ()

    @property
    def size(self) -> int:
        """Pixels a side."""
        return int(self.train.pictures.shape[-1])

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour."""
        return int(self.train.pictures.shape[1])


def read_pictures(
    data: str | Path = DIGITS,
    options: ReadOptions | None = None,
    on_progress: Progress = lambda done, total: None,
) -> Pictures:
    """Return the pictures that DATA names, dealt out.

    Raises
    ------
    PictureError
        If there are none, too few, or they cannot be read or used.
    """
    options = options or ReadOptions()
    train, test, skipped = _read(data, options, on_progress)
    size = options.size or min(train.pictures.shape[-2:])
    if not SMALLEST <= size <= LARGEST:
        raise PictureError(
            f"pictures of {size} pixels a side cannot be learned: name a --size from {SMALLEST} to {LARGEST}"
        )
    channels = options.channels or train.pictures.shape[1]
    parts = [_shape(part, size, channels) for part in _deal(train, test, options)]
    names, (learned, validation, tested) = _index_labels(parts)
    return Pictures(learned, validation, tested, names, str(data), test is not None, options.seed, skipped)


def options_for(config: PictureConfig, labels: Path | None = None) -> ReadOptions:
    """Return how to read pictures for a model: in its size and colours, dealt out as for its training."""
    return ReadOptions(config.size, config.channels, labels, seed=config.split_seed)


def read_picture(path: Path, config: PictureConfig) -> np.ndarray:
    """Return a picture file as a model knows pictures, uint8, shape (C, H, W).

    Raises
    ------
    PictureError
        If it cannot be read.
    """
    return to_channels(load_picture(path, config.size), config.channels)


def _read(data: str | Path, options: ReadOptions, on_progress: Progress) -> Arrays:
    path = Path(data)
    is_folder = path.is_dir() and not has_idx(path)
    if options.labels is not None and not is_folder:
        raise PictureError("labels are for folders of picture files: leave --labels out, or name a folder")
    if is_folder:
        return _read_folder(path, options, on_progress)
    if path.is_dir():
        return load_idx(path)
    if str(data) == DIGITS:
        return load_digits()
    if not path.exists():
        raise PictureError(f"there is no {data}: name a folder of pictures, an .npz file or `{DIGITS}`")
    if path.suffix.lower() == ".npz":
        return load_npz(path)
    raise PictureError(
        f"{data} is neither a folder nor an .npz file: name the folder that its pictures are in"
    )


def _read_folder(folder: Path, options: ReadOptions, on_progress: Progress) -> Arrays:
    files = sorted(path for path in folder.rglob("*") if _is_picture(path, folder))
    if not files:
        raise PictureError(
            f"no pictures under {folder}: name a folder of {', '.join(sorted(SUFFIXES))} files"
        )
    labels = label_files(folder, files, options.labels)
    size = options.size or FOLDER_SIZE
    read: list[np.ndarray] = []
    kept: list[int] = []
    skipped: list[Skipped] = []
    for number, path in enumerate(files):
        try:
            read.append(load_picture(path, size))
            kept.append(number)
        except PictureError as error:
            skipped.append(Skipped(path, str(error)))
        on_progress(number + 1, len(files))
    if not read:
        raise PictureError(f"none of the {len(files)} files under {folder} can be read: {skipped[0].reason}")
    pictures = np.stack(read)
    if options.channels is None and all(map(is_grey, pictures)):
        pictures = pictures[:, :GREY]
    kept_labels = None if labels is None else np.array([labels[number] for number in kept])
    return Arrays(Labelled(pictures, kept_labels), skipped=tuple(skipped))


def _is_picture(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.suffix.lower() in SUFFIXES and not hidden and path.is_file()


def _shape(part: Labelled, size: int, channels: int) -> Labelled:
    return part._replace(pictures=to_channels(resize(part.pictures, size), channels))


def _index_labels(parts: list[Labelled]) -> tuple[tuple[str, ...], list[Labelled]]:
    """Return the names of the labels, and the parts with indexes into them."""
    if any(part.labels is None for part in parts):
        return (), [part._replace(labels=None) for part in parts]
    labels = np.concatenate([np.asarray(part.labels) for part in parts])
    found, indexes = np.unique(labels, return_inverse=True)
    own = np.split(indexes, np.cumsum([len(part.pictures) for part in parts])[:-1])
    labelled = [part._replace(labels=each) for part, each in zip(parts, own, strict=True)]
    return tuple(map(str, found.tolist())), labelled


def _deal(train: Labelled, test: Labelled | None, options: ReadOptions) -> list[Labelled]:
    """Return the splits for training, validation and test."""
    count = len(train.pictures)
    if count < FEWEST:
        raise PictureError(f"{count} pictures are too few to learn from: give {FEWEST} or more")
    order = np.random.default_rng(options.seed).permutation(count)
    for_test = 0 if test is not None else max(1, round(TEST_SHARE * count))
    for_validation = max(1, round(options.validation * count))
    parts = np.split(order, [for_test, for_test + for_validation])
    tested, validated, trained = (train.take(np.sort(rows)) for rows in parts)
    return [trained, validated, tested if test is None else test]
