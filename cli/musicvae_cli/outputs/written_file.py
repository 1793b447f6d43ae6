"""Files that commands write, MIDI and compressed ones: at a path, or to standard output for `-`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import typer

from musicvae.errors import OutputError
from musicvae.outputs import refusing, require_free
from musicvae.provenance import reason_to_keep_song
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


def _reason_to_keep(path: Path) -> str | None:
    from musicvae.core.compression.packet import reason_to_keep_packet

    return reason_to_keep_packet(path)


MIDI = FileKind(
    suffixes=(".mid", ".midi"),
    contents="MIDI",
    name="the MIDI file",
    source="the song to be read: name another file by --out",
    shown="play MIDI",
    reason_to_keep=reason_to_keep_song,
)
PACKED = FileKind(
    suffixes=(".mvz",),
    contents="a compressed file",
    name="the file",
    source="the file to be read: name another one to write",
    shown="show it",
    reason_to_keep=_reason_to_keep,
)


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


def write_midi(data: bytes, path: Path, force: bool) -> None:
    """Write the bytes of a MIDI file.

    Raises
    ------
    OutputError
        As `require_free_file` does, or if the disk is full.
    """
    from musicvae.midi.saving.writer import write_midi_bytes

    if path == STANDARD:
        _write_standard_output(data)
    else:
        write_midi_bytes(data, path, overwrite=force)


def write_packed(data: bytes, path: Path, force: bool) -> None:
    """Write a compressed file; it raises what `write_midi` does."""
    from musicvae.core.compression.packet import write_packet

    if path == STANDARD:
        _write_standard_output(data)
    else:
        write_packet(data, path, force)


def _write_standard_output(data: bytes) -> None:
    with refusing(Path("standard output")):
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
