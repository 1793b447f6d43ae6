from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.core.compression.byte_fields import FieldReader, FieldWriter
from musicvae.errors import PacketError


@settings(max_examples=30)
@given(st.integers(0, 2**63 - 1), st.floats(allow_nan=False), st.text(), st.binary(max_size=300))
def test_fields_come_back_in_their_order(number: int, real: float, text: str, data: bytes) -> None:
    writer = FieldWriter()
    writer.number(number)
    writer.real(real)
    writer.text(text)
    writer.block(data)
    reader = FieldReader(writer.data + b"rest")
    assert (reader.number(2**63), reader.real(), reader.text(), reader.block()) == (number, real, text, data)
    assert reader.rest() == b"rest"


@pytest.mark.parametrize(("number", "size"), [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3)])
def test_small_numbers_take_few_bytes(number: int, size: int) -> None:
    writer = FieldWriter()
    writer.number(number)
    assert len(writer.data) == size


@given(st.binary(max_size=20))
def test_bytes_of_anybody_are_read_or_refused(data: bytes) -> None:
    for read in (FieldReader.real, FieldReader.text, FieldReader.block, lambda fields: fields.number(1000)):
        try:
            read(FieldReader(data))
        except PacketError as error:
            assert "damaged or cut off" in str(error)


def test_a_number_beyond_its_bound_is_refused() -> None:
    with pytest.raises(PacketError, match="damaged"):
        FieldReader(b"\x09").number(8)


def test_a_number_without_end_is_refused() -> None:
    with pytest.raises(PacketError, match="damaged"):
        FieldReader(b"\xff" * 100).number(2**100)


def test_a_block_that_says_it_is_huge_is_refused_and_nothing_is_made_for_it() -> None:
    writer = FieldWriter()
    writer.number(2**62)
    with pytest.raises(PacketError, match="damaged"):
        FieldReader(writer.data).block()
