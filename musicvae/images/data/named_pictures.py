"""Pictures by name, for those who want to look at a few: files, or some of the test pictures of a data set.

::

    cat.jpg              a picture file
    digits:3             the third test picture of a data set, whatever it is kept in and whatever it shows
    digits               some of its test pictures, drawn by the seed
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from musicvae.errors import PictureError
from musicvae.images.data.arrays import Labelled
from musicvae.images.data.config import PictureConfig
from musicvae.images.data.picture_file import SUFFIXES
from musicvae.images.data.read import Pictures, read_picture


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


def read_file(name: Name, config: PictureConfig) -> Labelled:
    """Return the picture file that a name means, shape (1, C, H, W).

    Raises
    ------
    PictureError
        If it cannot be read.
    """
    return Labelled(read_picture(Path(name.data), config)[None], None)


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
