from __future__ import annotations

import math

import pytest

from musicvae.core.training.kl_rise import FIRST, SPEAKS, WAIT, KLRise, Worth


def begun(share: float = 0.6) -> KLRise:
    return look(KLRise(), share, WAIT)


def look(rise: KLRise, share: float, times: int) -> KLRise:
    for _ in range(times):
        rise.look(Worth(given=(1 - share) * 50, without=50.0))
    return rise


def test_worth_is_what_codes_spare() -> None:
    worth = Worth(given=20.0, without=50.0)
    assert (worth.nats, worth.share) == (30.0, 0.6)
    assert math.isnan(Worth(0.0, 0.0).share)


def test_the_weight_waits_until_codes_say_something() -> None:
    assert look(KLRise(), SPEAKS / 2, 100).weight < 1e-6
    assert look(begun(), 2 * SPEAKS, 1).weight > FIRST


def test_the_weight_rises_to_the_whole_and_no_further() -> None:
    weights = [look(begun(), 0.6, looks).weight for looks in range(1, 100)]
    assert weights == sorted(weights)
    assert weights[-1] == 1


def test_the_weight_falls_while_codes_are_being_emptied_and_rises_again_after() -> None:
    rise = look(begun(), 0.6, 100)
    emptied = look(rise, 0.3, 10).weight
    assert emptied < 0.5
    assert look(rise, 0.6, 40).weight > emptied


def test_a_worth_that_is_not_known_changes_nothing() -> None:
    rise = look(begun(), 0.6, 5)
    before = (rise.weight, rise.share, rise.best)
    rise.look(Worth(math.nan, math.nan))
    assert (rise.weight, rise.share, rise.best) == before


def test_a_slow_decline_of_the_share_does_not_stop_the_rise() -> None:
    rise = begun()
    for step in range(4):
        look(rise, 0.6 - 0.002 * step, 1)
    assert rise.weight == pytest.approx(FIRST * 1.4**4)


def test_what_a_decoder_pays_that_has_just_begun_is_no_measure() -> None:
    rise = look(look(KLRise(), 0.95, WAIT - 1), 0.5, 30)
    assert rise.weight > 0.1
