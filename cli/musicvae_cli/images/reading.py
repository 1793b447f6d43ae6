"""Pictures as commands are given them: a file, a data set, or one picture of it; and what is said of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from musicvae_cli.shell.console import patient_bar, say

if TYPE_CHECKING:
    from musicvae.images.data.config import PictureConfig
    from musicvae.images.data.named_pictures import Captioned, Name
    from musicvae.images.data.read import Pictures, ReadOptions

MOST_NAMED = 5  # files that could not be read


def read_pictures_named(
    named: str, config: PictureConfig, seed: int, count: int | None = None, labels: Path | None = None
) -> Captioned:
    """Return the picture that is named, or so many test pictures of the data set that is, drawn by the seed.

    Raises
    ------
    PictureError
        If there are none, or they cannot be read or used.
    """
    from musicvae.images.data.named_pictures import Captioned, parse_name, read_file, take_test

    name = parse_name(named)
    if name.is_file:
        return read_file(name, config)
    read = read_data(name.data, config, labels)
    return _take_one(read, name) if name.is_one else Captioned(take_test(read, name, count, seed).pictures)


def read_single(config: PictureConfig, *named: str) -> Captioned:
    """Return the pictures named; a data set that several are of is read once.

    Raises
    ------
    PictureError
        If one is not there, or cannot be read or used.
    """
    from musicvae.images.data.named_pictures import join_pictures, parse_name, read_file

    names = [parse_name(each) for each in named]
    sets = dict.fromkeys(name.data for name in names if not name.is_file)
    read = {each: read_data(each, config) for each in sets}
    return join_pictures(
        read_file(name, config) if name.is_file else _take_one(read[name.data], name) for name in names
    )


def _take_one(read: Pictures, name: Name) -> Captioned:
    """Return the test picture that a name means, and say what it is: its number says nothing of that."""
    from musicvae.images.data.named_pictures import caption_one, label_of, take_test

    taken = take_test(read, name)
    label = label_of(read, taken)
    known = f", and its label is {label}" if label else ""
    there = len(read.test.pictures)
    say(f"{name.data}:{name.number} is number {name.number} of {there:,} test pictures{known}")
    return caption_one(taken, f"label {label}" if label else f"number {name.number}")


def read_data(data: str, config: PictureConfig, labels: Path | None = None) -> Pictures:
    """Return the data set that is named as a model knows pictures, dealt out as for its training."""
    from musicvae.images.data.read import options_for

    return read_and_say(data, options_for(config, labels))


def read_and_say(data: str, options: ReadOptions) -> Pictures:
    """Return the pictures that DATA names, and say on standard error what they are.

    Raises
    ------
    PictureError
        If there are none, or they cannot be used.
    """
    from musicvae.images.data.read import read_pictures

    with patient_bar("reading pictures") as advance:
        pictures = read_pictures(data, options, advance)
    _say_pictures(pictures)
    return pictures


def _say_pictures(pictures: Pictures) -> None:
    """Say what was read, what could not be, and how it is dealt out."""
    parts = (pictures.train, pictures.validation, pictures.test)
    train, validation, test = (len(part.pictures) for part in parts)
    colours = "grey" if pictures.channels == 1 else "colour"
    split = "as published" if pictures.published_test else "drawn by the seed"
    say(
        f"pictures: {train + validation + test:,} of {pictures.size} x {pictures.size} in {colours}:"
        f" {train:,} to learn from, {validation:,} to validate by, {test:,} to test on ({split})"
    )
    if pictures.label_names:
        say(f"labels: {len(pictures.label_names)}, such as {', '.join(pictures.label_names[:MOST_NAMED])}")
    if pictures.skipped:
        say(f"skipped: {len(pictures.skipped)} that cannot be read")
    for skipped in pictures.skipped[:MOST_NAMED]:
        say(f"  {skipped.reason}")
    if len(pictures.skipped) > MOST_NAMED:
        say(f"  and {len(pictures.skipped) - MOST_NAMED} more")


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
                f"{each} is no picture: name a picture file, or a test picture of a data set by its number,"
                " such as digits:3, the third one"
            )
