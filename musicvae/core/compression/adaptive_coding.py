"""Numbers and texts <-> bytes by a plain model that learns as it goes: what was said often costs less.

Every symbol is said in a *context*, of what it is and of what is known of it, and each context counts its own
symbols. Who reads counts as who wrote, and so finds the same probabilities; counts are whole numbers, so
every machine has the same. One routine serves both ways: it hands over what it would say, and takes what it
is given back, which is the same where it writes and what was written where it reads.

Before anything is said, small numbers are likelier than large ones, and letters than other bytes.
"""

from __future__ import annotations

import math
import struct
from collections import defaultdict
from collections.abc import Hashable
from typing import TypeAlias

import numpy as np

from musicvae.core.compression.byte_fields import FieldReader, FieldWriter, damaged
from musicvae.core.compression.range_coding import RangeReader, RangeWriter
from musicvae.core.compression.whole_probabilities import TOTAL

Context: TypeAlias = tuple[Hashable, ...]  # the first of them is a name: what the symbols are

_STEP, _MOST = 64, 1 << 14  # what a symbol counts that was said, and when all counts are halved
_LONGEST = 40  # bits of a number
_KNOWN_BITS = 2  # after the first bit of a number, those that depend on each other
_BYTES = 256
_REAL = struct.Struct("<d")
_MOST_SYMBOLS = 1 << 14  # a byte, and as many for 64 bytes more: what is sure takes next to none


def _count_sizes() -> np.ndarray:
    return np.array([max(1, 32 >> bits) for bits in range(_LONGEST + 1)], np.int64)


def _count_letters() -> np.ndarray:
    counts = np.ones(_BYTES, np.int64)
    for letters, count in (("ABCDEFGHIJKLMNOPQRSTUVWXYZ'.-,0123456789", 8), ("bcdfghjklmnpqrstuvwxyz", 24)):
        counts[list(letters.encode())] = count
    counts[list(b"aeiou ")] = 64
    return counts


_SIZES, _LETTERS = _count_sizes(), _count_letters()


class AdaptiveCoder:
    """Symbols of which each context counts how often they were said."""

    def __init__(self) -> None:
        self._counts: dict[Context, np.ndarray] = {}

    def symbol(self, context: Context, size: int, said: int, likely: np.ndarray | None = None) -> int:
        """Hand over a symbol.

        Parameters
        ----------
        context : tuple
        size : int
            Symbols that there are in this context.
        said : int
            From 0 to size - 1; of no account where it is read.
        likely : np.ndarray of int, shape (size,), optional
            What the symbols count before any is said; 1 each if not given.

        Returns
        -------
        int
            The symbol that was written.
        """
        counts = self._counts.get(context)
        if counts is None:
            counts = self._counts[context] = np.ones(size, np.int64) if likely is None else likely.copy()
        shares = 1 + counts * (TOTAL - size) // counts.sum()
        shares[counts.argmax()] += TOTAL - shares.sum()
        symbol = self._hand_over(context, int(said), shares)
        counts[symbol] += _STEP
        if counts.sum() > _MOST:
            counts -= counts // 2
        return symbol

    def number(self, context: Context, said: int) -> int:
        """Hand over a number of 0 or more: how many bits it has, and then these."""
        said = int(said)  # those of arrays do not know how many bits they have
        bits = self.symbol((*context, "bits"), _LONGEST + 1, said.bit_length(), _SIZES)
        value = min(bits, 1)
        for left in range(bits - 2, -1, -1):
            known = value if bits - left <= _KNOWN_BITS + 1 else -1
            value = 2 * value + self.symbol((*context, bits, left, known), 2, said >> left & 1)
        return value

    def signed(self, context: Context, said: int) -> int:
        """Hand over any whole number; the small ones, of either sign, are the short ones."""
        told = self.number(context, 2 * said if said >= 0 else -2 * said - 1)
        return -(told + 1) // 2 if told % 2 else told // 2

    def real(self, context: Context, said: float) -> float:
        """Hand over a real number, exactly."""
        known = enumerate(_REAL.pack(said))
        told = bytes(self.symbol((*context, place), _BYTES, byte) for place, byte in known)
        return float(_REAL.unpack(told)[0])

    def text(self, context: Context, said: str) -> str:
        """Hand over a text.

        Raises
        ------
        PacketError
            If what is read is none.
        """
        known = said.encode()
        count = self.number((*context, "bytes"), len(known))
        told = bytearray()
        while len(told) < count:
            byte = known[len(told)] if known else 0
            told.append(self.symbol((*context, "byte"), _BYTES, byte, _LETTERS))
        try:
            return told.decode()
        except UnicodeDecodeError as error:
            raise damaged() from error

    def _hand_over(self, context: Context, said: int, shares: np.ndarray) -> int:
        raise NotImplementedError


class AdaptiveWriter(AdaptiveCoder):
    """Symbols being written; `bits` tells what those of each name have cost."""

    def __init__(self) -> None:
        super().__init__()
        self._writer = RangeWriter()
        self._symbols = 0
        self.bits: dict[Hashable, float] = defaultdict(float)

    def number(self, context: Context, said: int) -> int:
        """Hand over a number of 0 or more.

        Raises
        ------
        ValueError
            If it is less, or has more than 40 bits.
        """
        if said >> _LONGEST:
            raise ValueError(f"only numbers from 0 on and of up to {_LONGEST} bits can be coded, got {said}")
        return super().number(context, said)

    def to_bytes(self) -> bytes:
        """Return the bytes that tell the symbols, and how many there are."""
        fields = FieldWriter()
        fields.number(self._symbols)
        return fields.data + self._writer.to_bytes()

    def _hand_over(self, context: Context, said: int, shares: np.ndarray) -> int:
        if not 0 <= said < len(shares):
            raise ValueError(f"of {len(shares)} symbols there is none numbered {said}")
        self._writer.write(said, shares)
        self._symbols += 1
        self.bits[context[0]] -= math.log2(shares[said] / TOTAL)
        return said


class AdaptiveReader(AdaptiveCoder):
    """Symbols being read, in the order and the contexts in which they were written.

    Parameters
    ----------
    data : bytes
        Where more symbols are read than they tell, a PacketError is raised: so no bytes, be they anybody's,
        are read for ever.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__()
        fields = FieldReader(data)
        self._left = fields.number(_MOST_SYMBOLS * (len(data) + 64))
        self._reader = RangeReader(fields.rest())

    def _hand_over(self, context: Context, said: int, shares: np.ndarray) -> int:
        if not self._left:
            raise damaged()
        self._left -= 1
        return self._reader.read(shares)
