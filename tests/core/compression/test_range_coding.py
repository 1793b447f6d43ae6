from __future__ import annotations

import constriction
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.core.compression.range_coding import RangeReader, RangeWriter
from musicvae.core.compression.whole_probabilities import TOTAL
from musicvae.errors import PacketError


def draw_message(seed: int, count: int) -> tuple[list[int], list[np.ndarray]]:
    """Return symbols drawn from distributions, some of them nearly sure, in which some symbols cannot be."""
    rng = np.random.default_rng(seed)
    symbols, tables = [], []
    for _ in range(count):
        size = int(rng.integers(1, 40))
        weights = rng.integers(1, 1000, size) ** int(rng.integers(1, 4))
        shares = 1 + weights * (TOTAL - size) // weights.sum()
        shares[0] += TOTAL - shares.sum()
        table = np.zeros(2 * size, np.int64)
        table[rng.permutation(2 * size)[:size]] = shares
        tables.append(table)
        symbols.append(int(rng.choice(2 * size, p=table / TOTAL)))
    return symbols, tables


def write(symbols: list[int], tables: list[np.ndarray]) -> bytes:
    writer = RangeWriter()
    for symbol, table in zip(symbols, tables, strict=True):
        writer.write(symbol, table)
    return writer.to_bytes()


@given(st.integers(0, 2**32), st.integers(0, 80))
def test_symbols_come_back(seed: int, count: int) -> None:
    symbols, tables = draw_message(seed, count)
    reader = RangeReader(write(symbols, tables))
    assert [reader.read(table) for table in tables] == symbols


@given(st.integers(0, 2**32), st.integers(0, 300))
def test_the_bytes_are_as_many_as_the_information_and_at_most_a_byte_more(seed: int, count: int) -> None:
    symbols, tables = draw_message(seed, count)
    bits = -sum(np.log2(table[symbol] / TOTAL) for symbol, table in zip(symbols, tables, strict=True))
    assert 8 * len(write(symbols, tables)) <= bits + 8 + 0.01


def test_what_goes_without_saying_takes_no_bytes() -> None:
    table = np.array([0, TOTAL, 0])
    assert write([1] * 100, [table] * 100) == b""
    assert RangeReader(b"").read(table) == 1


def test_numbers_under_models_of_one_family_come_back_too() -> None:
    numbers = np.array([3, -2, 0, 40])
    means, widths = np.zeros(4), np.array([1.0, 2.0, 0.1, 30.0])
    cells = constriction.stream.model.QuantizedGaussian(-50, 50)
    writer = RangeWriter()
    writer.write_many(numbers, cells, means, widths)
    assert RangeReader(writer.to_bytes()).read_many(cells, means, widths).tolist() == numbers.tolist()


def test_bytes_that_no_symbols_stand_behind_are_an_error() -> None:
    reader = RangeReader(b"\xff" * 12)
    table = np.full(3, TOTAL // 3)
    with pytest.raises(PacketError, match="damaged"):
        for _ in range(1000):
            reader.read(table)
