from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.core.compression.adaptive_coding import AdaptiveCoder, AdaptiveReader, AdaptiveWriter
from musicvae.errors import PacketError

SAID = st.lists(
    st.one_of(
        st.tuples(st.just("symbol"), st.integers(0, 4)),
        st.tuples(st.just("number"), st.integers(0, (1 << 40) - 1)),
        st.tuples(st.just("signed"), st.integers(-(1 << 38), 1 << 38)),
        st.tuples(st.just("real"), st.floats(allow_nan=False)),
        st.tuples(st.just("text"), st.text(st.characters(codec="utf-8"), max_size=9)),
    ),
    max_size=60,
)


NOTHING = {"symbol": -7, "number": -7, "signed": -7, "real": -7.0, "text": ""}


def hand_over(coder: AdaptiveCoder, kind: str, said: Any) -> Any:
    if kind == "symbol":
        return coder.symbol(("symbols",), 5, said)
    return getattr(coder, kind)((kind,), said)


@given(SAID)
def test_what_was_written_is_read(said: list[tuple[str, Any]]) -> None:
    writer = AdaptiveWriter()
    assert [hand_over(writer, *each) for each in said] == [value for _, value in said]
    reader = AdaptiveReader(writer.to_bytes())
    assert [hand_over(reader, kind, NOTHING[kind]) for kind, _ in said] == [value for _, value in said]


def test_bytes_are_not_read_for_ever() -> None:
    reader = AdaptiveReader(b"any bytes")
    with pytest.raises(PacketError, match="damaged"):
        for _ in range(ord("a") + 1):
            reader.symbol(("symbols",), 2, 0)


def test_what_is_said_again_and_again_costs_next_to_nothing() -> None:
    writer = AdaptiveWriter()
    for _ in range(1000):
        writer.signed(("late",), 3)
    assert len(writer.to_bytes()) < 40


def test_the_bits_told_are_those_of_the_bytes() -> None:
    writer = AdaptiveWriter()
    for number in range(500):
        writer.number(("waits",), number * number % 97)
        writer.symbol(("tracks", number % 3), 7, number % 7)
    assert set(writer.bits) == {"waits", "tracks"}
    assert 8 * len(writer.to_bytes()) == pytest.approx(sum(writer.bits.values()), abs=32)


def test_contexts_count_apart() -> None:
    """Of two coins that fall one way each the sides are known, but not of one that falls both ways."""
    apart, together = AdaptiveWriter(), AdaptiveWriter()
    for number in range(400):
        apart.symbol(("coin", number % 2), 2, number % 2)
        together.symbol(("coin",), 2, number % 2)
    assert len(apart.to_bytes()) < 12 < len(together.to_bytes())


@pytest.mark.parametrize("number", [-1, 1 << 40])
def test_a_number_that_cannot_be_told_is_an_error(number: int) -> None:
    with pytest.raises(ValueError, match="only numbers from 0 on and of up to 40 bits can be coded"):
        AdaptiveWriter().number(("numbers",), number)
