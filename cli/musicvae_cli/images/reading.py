"""Reading pictures, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from musicvae_cli.shell.console import patient_bar, say

if TYPE_CHECKING:
    from musicvae.images.data.read import Pictures, ReadOptions

MOST_NAMED = 5  # files that could not be read
_CHANNELS = {"auto": None, "grey": 1, "colour": 3}


def make_read_options(
    size: int | None, colours: str, labels: Path | None, validation: float, seed: int
) -> ReadOptions:
    """Return how pictures are to be read."""
    from musicvae.images.data.read import ReadOptions

    return ReadOptions(size, _CHANNELS[colours], labels, validation, seed)


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
    say_pictures(pictures)
    return pictures


def say_pictures(pictures: Pictures) -> None:
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
