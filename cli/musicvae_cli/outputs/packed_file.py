"""Compressed files as commands take and write them: at a path, or by the standard streams for `-`."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from musicvae.errors import OutputError, PacketError
from musicvae_cli.inputs.songs import STANDARD

_SUFFIXES = ("", ".mvz")


def read_packed(path: Path) -> bytes:
    """Return the bytes of a compressed file, whether they are sound or not.

    Raises
    ------
    PacketError
        If it cannot be read.
    """
    from musicvae.core.compression.packet import MAX_BYTES, read_packet_bytes

    return sys.stdin.buffer.read(MAX_BYTES + 1) if path == STANDARD else read_packet_bytes(path)


def name_packed(path: Path, error: PacketError) -> PacketError:
    """Return an error about the bytes of a file with the file's name."""
    return PacketError(f"{'standard input' if path == STANDARD else path}: {error}")


def require_room(path: Path, force: bool, as_json: bool, source: Path) -> None:
    """Check, before long work, that a compressed file can be written.

    Raises
    ------
    OutputError
        If the path cannot be written to, holds something else and `force` is false, is the source, or is
        not named as compressed files are; or if standard output, which it is to go to, is a terminal.
    typer.BadParameter
        If standard output is to take the JSON object too.
    """
    from musicvae.core.compression.packet import require_packet_room

    if path == STANDARD:
        if as_json:
            raise typer.BadParameter("standard output cannot take both the file and the JSON object")
        if sys.stdout.isatty():
            raise OutputError("a terminal cannot show it: send standard output to a file or a program")
        return
    if path.suffix.lower() not in _SUFFIXES:
        raise OutputError(f"{path} would hold a compressed file: end its name in .mvz")
    if source != STANDARD and path.resolve() == source.resolve():
        raise OutputError(f"{path} is the file to be read: name another one to write")
    require_packet_room(path, force)


def write_packed(data: bytes, path: Path, force: bool) -> None:
    """Write a compressed file.

    Raises
    ------
    OutputError
        As `require_room` does, or if the disk is full.
    """
    from musicvae.core.compression.packet import write_packet
    from musicvae.outputs import refusing

    if path != STANDARD:
        write_packet(data, path, force)
        return
    with refusing(Path("standard output")):
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
