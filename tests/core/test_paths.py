from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from musicvae.core.paths import slerp

# Coordinates of codes: mostly ordinary, some zero, tiny or large.
NUMBERS = st.one_of(
    st.floats(-3, 3, width=32), st.sampled_from([0.0, 1e-30, -1e-6, 1e6]), st.floats(-1e6, 1e6, width=32)
)
CODES = st.lists(NUMBERS, min_size=4, max_size=4).map(torch.tensor)
WEIGHTS = st.floats(0, 1, width=32).map(torch.tensor)
UNIT = st.lists(st.floats(-3, 3, width=32), min_size=4, max_size=4).map(torch.tensor).filter(
    lambda code: code.norm() > 1e-3
).map(lambda code: code / code.norm())  # fmt: skip


def at(weight: float, start: list[float], end: list[float]) -> Tensor:
    return slerp(torch.tensor(start), torch.tensor(end), torch.tensor(weight))


@given(start=CODES, end=CODES)
def test_both_ends_are_exact(start: Tensor, end: Tensor) -> None:
    assert torch.equal(slerp(start, end, torch.tensor(0.0)), start)
    assert torch.equal(slerp(start, end, torch.tensor(1.0)), end)


@given(start=CODES, end=CODES, weight=WEIGHTS)
def test_every_point_of_every_path_is_a_number(start: Tensor, end: Tensor, weight: Tensor) -> None:
    assert slerp(start, end, weight).isfinite().all()


@given(start=UNIT, end=UNIT, weight=WEIGHTS)
def test_between_codes_of_one_length_no_code_is_longer_or_shorter(
    start: Tensor, end: Tensor, weight: Tensor
) -> None:
    if (start + end).norm() > 1e-3:  # opposite codes are joined by a straight line
        assert slerp(start, end, weight).norm().item() == pytest.approx(1, abs=1e-3)


@given(start=UNIT, end=UNIT, weight=WEIGHTS)
def test_the_way_back_is_the_same_way(start: Tensor, end: Tensor, weight: Tensor) -> None:
    torch.testing.assert_close(slerp(start, end, weight), slerp(end, start, 1 - weight), atol=2e-3, rtol=0)


def test_the_angle_grows_evenly() -> None:
    quarter_way = at(1 / 3, [1.0, 0.0], [0.0, 1.0])
    torch.testing.assert_close(quarter_way, torch.tensor([3**0.5 / 2, 0.5]))


def test_the_length_grows_evenly() -> None:
    torch.testing.assert_close(at(0.5, [2.0, 0.0], [0.0, 4.0]), torch.tensor([1.0, 1.0]) * 3 / 2**0.5)


def test_equal_codes_have_no_way_between_them() -> None:
    assert at(0.3, [1.0, 2.0], [1.0, 2.0]).tolist() == [1.0, 2.0]


def test_parallel_codes_are_joined_by_a_straight_line() -> None:
    torch.testing.assert_close(at(0.25, [1.0, 2.0], [3.0, 6.0]), torch.tensor([1.5, 3.0]))


def test_opposite_codes_are_joined_by_a_straight_line() -> None:
    torch.testing.assert_close(at(0.25, [1.0, 2.0], [-1.0, -2.0]), torch.tensor([0.5, 1.0]))


@pytest.mark.parametrize("codes", [([0.0, 0.0], [2.0, 4.0]), ([2.0, 4.0], [0.0, 0.0])])
def test_a_zero_code_is_joined_by_a_straight_line(codes: tuple[list[float], list[float]]) -> None:
    torch.testing.assert_close(at(0.5, *codes), torch.tensor([1.0, 2.0]))


def test_each_row_goes_its_own_way_by_its_own_weight() -> None:
    start, end = torch.randn(5, 3, 8), torch.randn(5, 3, 8)
    weight = torch.rand(5, 3)
    path = slerp(start, end, weight)
    torch.testing.assert_close(path[2, 1], slerp(start[2, 1], end[2, 1], weight[2, 1]))
