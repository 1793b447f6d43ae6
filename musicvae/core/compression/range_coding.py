"""Symbols <-> bytes under known probabilities: as many bits as -log2 p says, and hardly one more.

Range coding (Martin 1979) by the library `constriction` (Bamler 2022). Its coders work on words of four
bytes; here the last of them is cut to the bytes that it takes to tell the symbols.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import constriction
import numpy as np

from musicvae.core.compression.byte_fields import damaged
from musicvae.core.compression.whole_probabilities import TOTAL

_WORD, _STATE = 32, 64  # bits
Model: TypeAlias = Any  # of `constriction.stream.model`: the library ships no types


class RangeWriter:
    """Symbols being coded; `to_bytes` has them all."""

    def __init__(self) -> None:
        self._coder = constriction.stream.queue.RangeEncoder()

    def write(self, symbol: int, whole: np.ndarray) -> None:
        """Take up a symbol.

        Parameters
        ----------
        symbol : int
            One that can be.
        whole : np.ndarray of int, shape (symbols,)
            The probabilities of all, see `whole_probabilities`.
        """
        can_be = np.flatnonzero(whole)
        if len(can_be) > 1:  # else it goes without saying
            self._coder.encode(int(np.searchsorted(can_be, symbol)), _categorical(whole[can_be]))

    def write_many(self, symbols: np.ndarray, model: Model, *parameters: np.ndarray) -> None:
        """Take up symbols (K,), each under a model of one family with parameters (K,) of its own."""
        self._coder.encode(symbols.astype(np.int32), model, *parameters)

    def to_bytes(self) -> bytes:
        """Return the bytes that tell the symbols."""
        words = self._coder.get_compressed()
        data: bytes = words.astype(">u4").tobytes()
        done, (low, width) = self._coder.pos()
        # Any fraction in [low, low + width) tells the symbols: take the one with the fewest bytes.
        size = done * _WORD + _STATE
        low += int.from_bytes(data[: done * _WORD // 8]) << _STATE
        if not low <= int.from_bytes(data) << size - 8 * len(data) < low + width:
            return data  # a carry is still to come: rare, and no harm in four bytes
        for count in range(len(data)):
            cut = size - 8 * count
            value = -(-low >> cut)
            if value << cut < low + width and value.bit_length() <= 8 * count:
                return value.to_bytes(count)
        return data


class RangeReader:
    """Symbols being read from the bytes of a `RangeWriter`, in the order in which they were written.

    Parameters
    ----------
    data : bytes
    """

    def __init__(self, data: bytes) -> None:
        words = np.frombuffer(data + bytes(-len(data) % (_WORD // 8)), ">u4").astype(np.uint32)
        self._coder = constriction.stream.queue.RangeDecoder(words)

    def read(self, whole: np.ndarray) -> int:
        """Return the next symbol.

        Parameters
        ----------
        whole : np.ndarray of int, shape (symbols,)
            As when it was written.

        Raises
        ------
        PacketError
            If no symbol can stand there.
        """
        can_be = np.flatnonzero(whole)
        if len(can_be) == 1:
            return int(can_be[0])
        return int(can_be[self.read_many(_categorical(whole[can_be]))])

    def read_many(self, model: Model, *parameters: np.ndarray) -> np.ndarray:
        """Return the next symbols, as many as there are parameters, shape (K,); without any, one.

        Raises
        ------
        PacketError
            If no symbols can stand there.
        """
        try:
            symbols: np.ndarray = self._coder.decode(model, *parameters)
        except AssertionError as error:
            raise damaged() from error
        return symbols


def _categorical(whole: np.ndarray) -> Model:
    return constriction.stream.model.Categorical(whole / TOTAL, perfect=False, lazy=True)
