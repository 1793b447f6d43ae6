from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.musicxml.score_clock import ScoreClock, read_clock


def clock_of(*divisions: str) -> ScoreClock:
    return read_clock(
        ET.fromstring("<a>" + "".join(f"<divisions>{one}</divisions>" for one in divisions) + "</a>")
    )


def ticks(clock: ScoreClock, duration: str, divisions: int | Fraction) -> int:
    return clock.to_ticks(clock.to_units(duration, clock.units_per_division(Fraction(divisions))))


@pytest.mark.parametrize("divisions", [1, 3, 7, 480, 11, 13, 997])
def test_a_beat_is_exact_in_all_divisions_at_once(divisions: int) -> None:
    clock = clock_of("1", "3", "7", "480", "11", "13", "997")
    assert (
        clock.to_units(str(divisions), clock.units_per_division(Fraction(divisions))) == clock.units_per_beat
    )


def test_elevenths_add_up_to_a_beat() -> None:
    clock = clock_of("11")
    eleventh = clock.to_units("1", clock.units_per_division(Fraction(11)))
    assert clock.to_ticks(11 * eleventh) == 10080
    assert clock.to_ticks(eleventh) == 916  # of 916.4


def test_durations_may_be_decimals() -> None:
    assert ticks(clock_of("4"), "1.5", 4) == 3780


def test_divisions_may_be_decimals() -> None:
    assert ticks(clock_of("2.5"), "5", Fraction("2.5")) == 20160


def test_divisions_without_end_are_rounded() -> None:
    clock = clock_of(*(str(10**9 + odd) for odd in range(1, 99, 2)))
    assert ticks(clock, str(10**9 + 1), 10**9 + 1) == 10080


@pytest.mark.parametrize("divisions", ["0", "-4", "four", ""])
def test_divisions_that_cannot_be_are_passed_over(divisions: str) -> None:
    assert clock_of(divisions, "8").divisions == 8


def test_without_divisions_there_is_one_to_the_beat() -> None:
    assert clock_of().divisions == 1


@pytest.mark.parametrize("duration", ["80000", "9" * 20, "9" * 9000])
def test_a_length_that_no_music_has_is_refused(duration: str) -> None:
    with pytest.raises(SongError, match="far too long to be music"):
        ticks(clock_of("4"), duration, 4)


@pytest.mark.parametrize("duration", ["", "x", "1/2", "1e9", None])
def test_a_word_is_no_length(duration: str | None) -> None:
    with pytest.raises(ValueError, match="not a number"):
        clock_of("4").to_units(duration, 1)
