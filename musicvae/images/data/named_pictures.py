"""Pictures by name, for those who want to look at a few: files, or some of the test pictures of a data set.

::

    cat.jpg              a picture file
    digits:3             the third test picture of a data set, whatever it is kept in and whatever it shows
    digits               some of its test pictures, drawn by the seed
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from musicvae.errors import PictureError
from musicvae.images.data.arrays import Labelled
from musicvae.images.data.config import PictureConfig
from musicvae.images.data.picture_file import SUFFIXES
from musicvae.images.data.read import Pictures, read_picture

LONGEST_NOTE = 12  # letters below a picture


class Captioned(NamedTuple):
    """Pictures (N, C, H, W), and what to write below each; nothing where they were not named one by one."""

    pictures: np.ndarray
    notes: tuple[str, ...] = ()


class Name(NamedTuple):
    """What a name means: a picture file, or a data set, and of that one picture or many."""

    data: str
    number: int | None = None
    is_file: bool = False

    @property
    def is_one(self) -> bool:
        """Whether it means one picture."""
        return self.is_file or self.number is not None


def parse_name(named: str) -> Name:
    """Return what a name means; nothing is read."""
    data, colon, number = named.rpartition(":")
    if colon and data and number.isdecimal() and not Path(named).exists():
        return Name(data, int(number))
    path = Path(named)
    return Name(named, is_file=path.suffix.lower() in SUFFIXES and not path.is_dir())


def read_file(name: Name, config: PictureConfig) -> Captioned:
    """Return the picture file that a name means, shape (1, C, H, W), with the file's name below it.

    Raises
    ------
    PictureError
        If it cannot be read.
    """
    path = Path(name.data)
    return caption_one(Labelled(read_picture(path, config)[None], None), path.stem)


def caption_one(picture: Labelled, note: str) -> Captioned:
    """Return a picture with a note below it, cut off if it is long."""
    note = note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 1] + "…"
    return Captioned(picture.pictures, (note,))


def join_pictures(parts: Iterable[Captioned]) -> Captioned:
    """Return pictures of several sources together."""
    joined = list(parts)
    notes = tuple(note for part in joined for note in part.notes)
    return Captioned(np.concatenate([part.pictures for part in joined]), notes)


def label_of(pictures: Pictures, one: Labelled) -> str:
    """Return the label of the first of some pictures, "" if the data set has none."""
    return "" if one.labels is None else pictures.label_names[int(one.labels[0])]


def take_test(pictures: Pictures, name: Name, count: int | None = None, seed: int = 0) -> Labelled:
    """Return test pictures: the one that a name means, or so many, drawn by the seed and in their order.

    Raises
    ------
    PictureError
        If there are fewer test pictures than the number of the one.
    """
    test = pictures.test
    there = len(test.pictures)
    if name.number is None:
        rows = np.arange(there)
        if count is not None and count < there:
            rows = np.sort(np.random.default_rng(seed).choice(there, count, replace=False))
    elif 1 <= name.number <= there:
        rows = np.array([name.number - 1])
    else:
        raise PictureError(
            f"{name.data} has {there} test pictures and no number {name.number}: count them from 1"
        )
    return test.take(rows)
