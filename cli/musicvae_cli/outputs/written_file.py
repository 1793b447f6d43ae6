"""Files that commands write: at a path, or to standard output for `-`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import typer

from musicvae.errors import OutputError
from musicvae.outputs import refusing, require_free
from musicvae_cli.inputs.songs import STANDARD


class FileKind(NamedTuple):
    """A kind of file, in the words of what is said where one cannot be written.

    Parameters
    ----------
    suffixes : tuple of str
        The usual one first; no suffix is always right.
    contents, name, source, shown : str
        What is in it, what it is called, what it must not be written over, what a terminal cannot do with it.
    reason_to_keep : callable
        See `musicvae.outputs.require_free`.
    """

    suffixes: tuple[str, ...]
    contents: str
    name: str
    source: str
    shown: str
    reason_to_keep: Callable[[Path], str | None]


def require_free_file(
    path: Path, kind: FileKind, force: bool, as_json: bool = False, sources: Sequence[Path] = ()
) -> None:
    """Check, before long work, that a command can write its file.

    Raises
    ------
    OutputError
        If it cannot be written, holds somebody else's work and is not forced, is one of the sources or not
        named as its kind is; or if standard output, which it is to go to, is a terminal.
    typer.BadParameter
        If standard output is to take the JSON object too.
    """
    if path == STANDARD:
        if as_json:
            raise typer.BadParameter(f"standard output cannot take both {kind.name} and the JSON object")
        if sys.stdout.isatty():
            raise OutputError(f"a terminal cannot {kind.shown}: send standard output to a file or a program")
        return
    if path.suffix.lower() not in ("", *kind.suffixes):
        raise OutputError(f"{path} would hold {kind.contents}: end its name in {kind.suffixes[0]}")
    if any(path.resolve() == source.resolve() for source in sources if source != STANDARD):
        raise OutputError(f"{path} is {kind.source}")
    require_free(path, force, kind.reason_to_keep)


def write_standard_output(data: bytes) -> None:
    """Write bytes to standard output.

    Raises
    ------
    OutputError
        If the disk is full that it goes to.
    """
    with refusing(Path("standard output")):
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
