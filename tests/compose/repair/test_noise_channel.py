from __future__ import annotations

import math

import pytest

from musicvae.compose.repair.noise_channel import (
    DROPPED,
    EXTRA,
    LARGEST,
    REPITCHED,
    SHIFTED,
    SMALL,
    STRETCHED,
    NoiseChannel,
)

CHANNEL = NoiseChannel(0.1)


@pytest.mark.parametrize("amount", [0.0, 1.0, -0.1, math.nan])
def test_some_notes_are_wrong_and_some_are_right(amount: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        NoiseChannel(amount)


def test_errors_of_one_way_are_together_as_likely_as_the_mix_says() -> None:
    odds = 0.1 / 0.9
    both = (*range(-LARGEST, 0), *range(1, LARGEST + 1))
    for cost, share in (
        (CHANNEL.repitched, REPITCHED),
        (CHANNEL.shifted, SHIFTED),
        (CHANNEL.stretched, STRETCHED),
    ):
        assert sum(math.exp(cost(size)) for size in both) == pytest.approx(odds * share)
    assert pytest.approx(1) == DROPPED + REPITCHED + SHIFTED + STRETCHED + EXTRA


def test_small_errors_cost_less_than_large_ones() -> None:
    assert CHANNEL.repitched(1) == CHANNEL.repitched(-SMALL) > CHANNEL.repitched(SMALL + 1)
    assert CHANNEL.shifted(-1) == CHANNEL.shifted(1) > CHANNEL.shifted(-SMALL - 1)


def test_errors_in_time_are_counted_in_sixteenths() -> None:
    fine = NoiseChannel(0.1, sixteenth=6)
    assert fine.shifted(6 * SMALL) == CHANNEL.shifted(SMALL)
    assert fine.stretched(6 * SMALL + 6) == CHANNEL.stretched(SMALL + 1)
    assert fine.extra(4, 96) == pytest.approx(CHANNEL.extra(4, 16))


def test_the_more_notes_are_wrong_the_less_an_error_costs() -> None:
    some, many = NoiseChannel(0.01), NoiseChannel(0.3)
    assert some.dropped < CHANNEL.dropped < many.dropped < 0
    assert some.extra(4, 16) < CHANNEL.extra(4, 16) < many.extra(4, 16)


def test_a_note_is_extra_the_sooner_the_more_there_are_and_the_less_room() -> None:
    assert CHANNEL.extra(8, 16) > CHANNEL.extra(4, 16) > CHANNEL.extra(4, 32)
    assert math.isfinite(CHANNEL.extra(0, 16))
