"""Compressed files as commands take and write them: at a path, or by the standard streams for `-`."""

from __future__ import annotations

import sys
from pathlib import Path

from musicvae.errors import PacketError
from musicvae_cli.inputs.songs import STANDARD
from musicvae_cli.outputs.written_file import FileKind, write_standard_output


def _reason_to_keep(path: Path) -> str | None:
    from musicvae.core.compression.packet import reason_to_keep_packet

    return reason_to_keep_packet(path)


PACKED = FileKind(
    suffixes=(".mvz",),
    contents="a compressed file",
    name="the file",
    source="the file to be read: name another one to write",
    shown="show it",
    reason_to_keep=_reason_to_keep,
)


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


def write_packed(data: bytes, path: Path, force: bool) -> None:
    """Write a compressed file.

    Raises
    ------
    OutputError
        As `require_free_file` does, or if the disk is full.
    """
    from musicvae.core.compression.packet import write_packet

    if path == STANDARD:
        write_standard_output(data)
    else:
        write_packet(data, path, force)
