from __future__ import annotations

import math

import pytest

from musicvae.compose.noise_channel import NoiseChannel
from musicvae.measures.corruption import MOST_SEMITONES, MOST_STEPS, REPITCHED, SHIFTED, STRETCHED

CHANNEL = NoiseChannel(0.1)


@pytest.mark.parametrize("amount", [0.0, 1.0, -0.1, math.nan])
def test_some_notes_are_wrong_and_some_are_right(amount: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        NoiseChannel(amount)


def test_errors_of_one_way_are_together_as_likely_as_the_mix_says() -> None:
    odds = 0.1 / 0.9
    both = (*range(-MOST_SEMITONES, 0), *range(1, MOST_SEMITONES + 1))
    assert sum(math.exp(CHANNEL.repitched(size)) for size in both) == pytest.approx(odds * REPITCHED)
    steps = (*range(-MOST_STEPS, 0), *range(1, MOST_STEPS + 1))
    assert sum(math.exp(CHANNEL.shifted(size)) for size in steps) == pytest.approx(odds * SHIFTED)
    assert sum(math.exp(CHANNEL.stretched(size)) for size in steps) == pytest.approx(odds * STRETCHED)


def test_small_errors_cost_less_than_large_ones() -> None:
    assert CHANNEL.repitched(1) > CHANNEL.repitched(2) > CHANNEL.repitched(12)
    assert CHANNEL.shifted(-1) == CHANNEL.shifted(1) > CHANNEL.shifted(-4)


def test_the_more_notes_are_wrong_the_less_an_error_costs() -> None:
    some, many = NoiseChannel(0.01), NoiseChannel(0.3)
    assert some.dropped < CHANNEL.dropped < many.dropped < 0
    assert some.extra(4, 16) < CHANNEL.extra(4, 16) < many.extra(4, 16)


def test_a_note_is_extra_the_sooner_the_more_there_are_and_the_less_room() -> None:
    assert CHANNEL.extra(8, 16) > CHANNEL.extra(4, 16) > CHANNEL.extra(4, 32)
    assert math.isfinite(CHANNEL.extra(0, 16))
