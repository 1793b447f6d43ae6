from __future__ import annotations

import math

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from musicvae.core.compression.whole_probabilities import TOTAL, to_whole

LOGITS = st.lists(st.floats(-1e4, 1e4) | st.just(-math.inf), min_size=1, max_size=200).filter(
    lambda logits: max(logits) > -math.inf
)


@given(LOGITS)
def test_they_sum_to_the_total_and_all_that_can_be_has_some(logits: list[float]) -> None:
    whole = to_whole(torch.tensor(logits, dtype=torch.float64))
    assert whole.sum() == TOTAL == 2**24
    assert np.array_equal(whole > 0, np.isfinite(logits))


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=200))
def test_they_are_the_probabilities_to_a_seventh_of_a_per_cent_and_two_units(logits: list[float]) -> None:
    exact = torch.tensor(logits, dtype=torch.float64).softmax(0).numpy()
    rounding = 0.0014 * exact + (len(logits) + 2) / TOTAL
    assert np.all(np.abs(to_whole(torch.tensor(logits, dtype=torch.float64)) / TOTAL - exact) <= rounding)


def test_the_last_digits_of_logits_do_not_show() -> None:
    logits = torch.randn(10_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    noise = 1e-13 * torch.randn(10_000, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    assert np.array_equal(to_whole(logits), to_whole(logits + noise))


def test_half_as_likely_is_half_as_much() -> None:
    logits = torch.tensor([0.0, -math.log(2), -math.log(4), -math.inf, -math.log(4)], dtype=torch.float64)
    assert np.abs(to_whole(logits) - [TOTAL / 2, TOTAL / 4, TOTAL / 8, 0, TOTAL / 8]).max() <= 4


def test_a_single_symbol_has_it_all() -> None:
    assert to_whole(torch.tensor([-math.inf, -1e4])).tolist() == [0, TOTAL]
