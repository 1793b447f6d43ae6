"""The file of something compressed (`.mvz`): what it takes to expand it by the right model, or not at all.

Conventions
-----------
::

    MVZ             3 bytes
    format          1 byte
    kind            1 byte: what it holds, a number that those who pack give it
    model           8 bytes: the first of its hash (`model_hash`)
    check           4 bytes: the first of a SHA-256 of what must come out, as those who expand it define it
    model's name    text, for people
    head            block: what is known before the payload is read
    payload         all bytes up to the last four
    CRC-32          4 bytes, little-endian, of all bytes before

Texts and blocks are those of `byte_fields`. The CRC tells a damaged file before any of it is believed; the
model's hash another model; the check a machine whose arithmetic differs, on which the payload may stand
for something else. So what is expanded is what was compressed, or an error.
"""

from __future__ import annotations

import zlib
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from musicvae.core.compression.byte_fields import FieldReader, FieldWriter, damaged
from musicvae.core.model_store.model_hash import HASH_BYTES
from musicvae.errors import PacketError
from musicvae.outputs import new_file, require_free

MAGIC, FORMAT = b"MVZ", 1
MAX_BYTES = 1 << 26
KINDS = 4  # numbers of kinds that are given away: a new kind takes the next
CHECK_BYTES = 4
_CRC_BYTES = 4


class Packet(NamedTuple):
    """Something compressed."""

    kind: int  # from 1 to KINDS
    model: bytes  # HASH_BYTES of them
    model_name: str
    check: bytes  # CHECK_BYTES of them
    head: bytes
    payload: bytes

    @property
    def known_model(self) -> str:
        """How people may know the model that it needs."""
        return f"{self.model_name or 'without a name'} (hash {self.model.hex()})"

    def require_model(self, model: bytes) -> None:
        """Check, by its hash, that a model is the one that it needs.

        Raises
        ------
        PacketError
            If it is another one.
        """
        if self.model != model:
            raise PacketError(f"it needs another model, {self.known_model}: name that one by --model")

    def require_check(self, check: bytes) -> None:
        """Check that what came out is what went in.

        Raises
        ------
        PacketError
            If it is not.
        """
        if self.check != check:
            raise PacketError(
                "it does not come out here as it went in, since this processor or torch calculates otherwise:"
                " expand it where it was compressed"
            )


def make_check(content: bytes) -> bytes:
    """Return the check of what must come out of a packet."""
    return sha256(content).digest()[:CHECK_BYTES]


def packet_to_bytes(packet: Packet) -> bytes:
    """Return the file of a packet."""
    fields = FieldWriter()
    fields.data = MAGIC + bytes((FORMAT, packet.kind)) + packet.model + packet.check
    fields.text(packet.model_name)
    fields.block(packet.head)
    data = fields.data + packet.payload
    return data + _crc(data)


def bytes_to_packet(data: bytes) -> Packet:
    """Return the packet of a file. Inverse of `packet_to_bytes`.

    Raises
    ------
    PacketError
        If it is none, is damaged or cut off, or was written by a newer musicvae.
    """
    if not data.startswith(MAGIC):
        raise PacketError("it was not written by `musicvae compress`: name a file that was")
    if len(data) > MAX_BYTES:
        raise PacketError(f"it is larger than {MAX_BYTES >> 20} MiB, which nothing compressed is")
    if data[len(MAGIC) : len(MAGIC) + 1] > bytes((FORMAT,)):
        raise PacketError(f"it is written in a newer format than {FORMAT}: update musicvae")
    body = data[:-_CRC_BYTES]
    if _crc(body) != data[-_CRC_BYTES:]:
        raise damaged()
    fields = FieldReader(body[len(MAGIC) + 1 :])
    kind = fields.number(0x7F)
    if not 1 <= kind <= KINDS:
        raise PacketError("it holds something new: update musicvae")
    model, check = fields.take(HASH_BYTES), fields.take(CHECK_BYTES)
    return Packet(kind, model, fields.text(), check, fields.block(), fields.rest())


def read_packet_bytes(path: Path) -> bytes:
    """Return the bytes of a file, one too many at most.

    Raises
    ------
    PacketError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PacketError(f"{path} cannot be read ({error.strerror}): name another file") from error


def write_packet(data: bytes, path: Path, overwrite: bool = False) -> None:
    """Write the file of a packet.

    Raises
    ------
    OutputError
        If it cannot be written, or another file than a sound packet is there and `overwrite` is false.
    """
    require_free(path, overwrite, reason_to_keep_packet)
    with new_file(path) as temporary:
        temporary.write_bytes(data)


def reason_to_keep_packet(path: Path) -> str | None:
    """Return why a file must not be replaced: it is no sound packet. See `outputs.require_free`."""
    try:
        bytes_to_packet(read_packet_bytes(path))
    except PacketError:
        return "exists and was not written by `musicvae compress`"
    return None


def _crc(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_CRC_BYTES, "little")
