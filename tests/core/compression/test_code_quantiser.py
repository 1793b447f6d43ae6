from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.core.compression.code_quantiser import bytes_to_codes, codes_to_bytes
from musicvae.errors import PacketError

Z = 24


def make_codes(rows: int, scale: float = 1.0, seed: int = 0) -> torch.Tensor:
    return scale * torch.randn(rows, Z, generator=torch.Generator().manual_seed(seed))


@settings(max_examples=30)
@given(st.integers(0, 90), st.sampled_from([0.001, 0.5, 1.0, 40.0]), st.sampled_from([0.125, 1.0, 2.5]))
def test_codes_come_back_within_half_a_step(rows: int, scale: float, step: float) -> None:
    codes = make_codes(rows, scale)
    back = bytes_to_codes(codes_to_bytes(codes, step), rows, Z)
    assert back.shape == codes.shape
    assert back.dtype == torch.float32
    assert (back - codes).abs().max() <= step / 2 + 1e-6 if rows else True


@pytest.mark.parametrize("step", [0.25, 1.0, 2.0])
def test_the_bits_are_hardly_more_than_the_entropy_of_what_is_told(step: float) -> None:
    codes = make_codes(600)
    normal = torch.distributions.Normal(0.0, 1.0)
    whole = (codes / step).round()
    cells = normal.cdf((whole + 0.5) * step) - normal.cdf((whole - 0.5) * step)
    bits = -cells.double().log2().sum()
    assert bits * 0.99 < 8 * len(codes_to_bytes(codes, step)) < bits * 1.02 + 40


def test_coordinates_that_never_stir_cost_next_to_nothing() -> None:
    codes = make_codes(200)
    still = codes * (torch.arange(Z) < 4)
    assert len(codes_to_bytes(still, 0.5)) < 0.25 * len(codes_to_bytes(codes, 0.5))


def test_rows_that_were_there_before_cost_next_to_nothing_and_come_back_alike() -> None:
    codes = make_codes(8).repeat(8, 1)
    data = codes_to_bytes(codes, 0.5)
    assert len(data) < len(codes_to_bytes(codes[:8], 0.5)) + 56
    back = bytes_to_codes(data, 64, Z)
    assert torch.equal(back, back[:8].repeat(8, 1))


def test_a_row_from_further_back_than_is_looked_is_told_anew() -> None:
    codes = torch.cat([make_codes(1), make_codes(70, seed=1), make_codes(1)])
    back = bytes_to_codes(codes_to_bytes(codes, 0.5), 72, Z)
    assert (back - codes).abs().max() <= 0.25


def test_codes_too_far_out_are_an_error_that_says_what_to_do() -> None:
    with pytest.raises(PacketError, match="in steps of 0.5: take a larger step"):
        codes_to_bytes(torch.tensor([[3000.0]]), 0.5)


@pytest.mark.parametrize("odd", [torch.nan, torch.inf])
def test_codes_that_are_no_numbers_are_an_error(odd: float) -> None:
    with pytest.raises(PacketError, match="too far out"):
        codes_to_bytes(torch.tensor([[odd]]), 0.5)


@given(st.binary(max_size=30))
def test_bytes_of_anybody_are_codes_or_an_error(data: bytes) -> None:
    try:
        assert bytes_to_codes(data, 3, 4).isfinite().all()
    except PacketError as error:
        assert "damaged" in str(error)
