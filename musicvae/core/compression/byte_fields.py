"""Numbers, texts and bytes one after another, and back: what the heads of compressed files are made of.

Conventions
-----------
- A number is 0 or more, written in groups of seven bits, the lowest first, each byte but the last with its
  highest bit set.
- Texts (UTF-8) and bytes come after their number of bytes, reals as eight bytes (IEEE 754, little-endian).

What is read may be anybody's: every number has a bound, and nothing is made larger than the bytes there are.
"""

from __future__ import annotations

import struct

from musicvae.errors import PacketError

_REAL = struct.Struct("<d")
_MOST_GROUPS = 9  # 63 bits


class FieldWriter:
    """Fields being written; `data` has their bytes."""

    def __init__(self) -> None:
        self.data = b""

    def number(self, value: int) -> None:
        """Write a number."""
        groups = []
        while value > 0x7F:
            groups.append(value & 0x7F | 0x80)
            value >>= 7
        self.data += bytes((*groups, value))

    def real(self, value: float) -> None:
        """Write a real number."""
        self.data += _REAL.pack(value)

    def block(self, data: bytes) -> None:
        """Write bytes and before them their number."""
        self.number(len(data))
        self.data += data

    def text(self, text: str) -> None:
        """Write a text."""
        self.block(text.encode())


class FieldReader:
    """Fields being read, in the order in which they were written.

    Parameters
    ----------
    data : bytes
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, most: int) -> int:
        """Return a number.

        Raises
        ------
        PacketError
            If there is none, or it is larger than `most`.
        """
        value = 0
        for group in range(_MOST_GROUPS):
            [byte] = self.take(1)
            value |= (byte & 0x7F) << 7 * group
            if value > most:
                break
            if byte < 0x80:
                return value
        raise damaged()

    def real(self) -> float:
        """Return a real number."""
        return float(_REAL.unpack(self.take(_REAL.size))[0])

    def block(self) -> bytes:
        """Return bytes that follow their number."""
        return self.take(self.number(len(self._data)))

    def text(self) -> str:
        """Return a text."""
        try:
            return self.block().decode()
        except UnicodeDecodeError as error:
            raise damaged() from error

    def take(self, size: int) -> bytes:
        """Return the next bytes, so many.

        Raises
        ------
        PacketError
            If there are fewer.
        """
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise damaged()
        self._at += size
        return taken

    def rest(self) -> bytes:
        """Return all bytes that are left."""
        return self.take(len(self._data) - self._at)


def damaged() -> PacketError:
    """Return the error of a compressed file that does not hold what it should."""
    return PacketError("it is damaged or cut off: copy the file anew, or compress the original again")
