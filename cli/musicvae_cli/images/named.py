"""Pictures as commands are given them: a file, a data set, or one picture of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from musicvae_cli.images.reading import read_and_say

if TYPE_CHECKING:
    from musicvae.images.data.arrays import Labelled
    from musicvae.images.data.config import PictureConfig
    from musicvae.images.data.named_pictures import Name
    from musicvae.images.data.read import Pictures


def read_pictures_named(
    named: str, config: PictureConfig, seed: int, count: int | None = None, labels: Path | None = None
) -> Labelled:
    """Return the picture that is named, or so many test pictures of the data set that is, drawn by the seed.

    Raises
    ------
    PictureError
        If there are none, or they cannot be read or used.
    """
    from musicvae.images.data.named_pictures import parse_name, read_file, take_test

    name = parse_name(named)
    if name.is_file:
        return read_file(name, config)
    return take_test(read_data(name, config, labels), name, count, seed)


def read_single(config: PictureConfig, *named: str) -> Labelled:
    """Return the pictures named, without labels; a data set that several are of is read once.

    Raises
    ------
    PictureError
        If one is not there, or cannot be read or used.
    """
    from musicvae.images.data.named_pictures import join_pictures, parse_name, read_file, take_test

    names = [parse_name(each) for each in named]
    data = {name.data: name for name in names if not name.is_file}
    read = {each: read_data(name, config) for each, name in data.items()}
    found = (read_file(name, config) if name.is_file else take_test(read[name.data], name) for name in names)
    return join_pictures(found)


def read_data(name: Name, config: PictureConfig, labels: Path | None = None) -> Pictures:
    """Return the data set that is named as a model knows pictures, dealt out as for its training."""
    from musicvae.images.data.read import options_for

    return read_and_say(name.data, options_for(config, labels))


def require_one(*named: str) -> None:
    """Check, before anything is read, that each names one picture.

    Raises
    ------
    typer.BadParameter
        If one names a data set.
    """
    from musicvae.images.data.named_pictures import parse_name

    for each in named:
        if not parse_name(each).is_one:
            raise typer.BadParameter(
                f"{each} is no picture: name a picture file, or one of a data set, such as digits:3"
            )
