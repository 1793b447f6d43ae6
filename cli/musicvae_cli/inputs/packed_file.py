"""Compressed files as commands take them: at a path, or on standard input for `-`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from musicvae.errors import PacketError
from musicvae_cli.inputs.songs import name_of
from musicvae_cli.shell.options import STANDARD


def read_packed(path: Path) -> bytes:
    """Return the bytes of a compressed file, whether they are sound or not.

    Raises
    ------
    PacketError
        If it cannot be read.
    """
    from musicvae.core.compression.packet import MAX_BYTES, read_packet_bytes

    return sys.stdin.buffer.read(MAX_BYTES + 1) if path == STANDARD else read_packet_bytes(path)


@contextmanager
def naming_packed(path: Path) -> Iterator[None]:
    """Put the name of a compressed file before what the block says is wrong with its bytes."""
    try:
        yield
    except PacketError as error:
        raise PacketError(f"{name_of(path)}: {error}") from error
