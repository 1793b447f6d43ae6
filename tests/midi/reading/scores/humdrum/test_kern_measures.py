from __future__ import annotations

from musicvae.midi.reading.scores.humdrum.kern_measures import to_score_measures
from musicvae.midi.reading.scores.humdrum.kern_tokens import TokenReader
from musicvae.midi.reading.scores.humdrum.score_signs import MetersAt
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT
from musicvae.midi.songs.song import Meter

BEATS = TokenReader("")  # a unit is a beat
WALTZ, JIG, MARCH = Meter(3, 4), Meter(6, 8), Meter(2, 4)


def lay(barlines: list[int], meters: list[MetersAt], end: int) -> list[tuple[float, float, str]]:
    """Return the measures by start and length in beats, and meter."""
    return [
        (measure.start / TICKS_PER_BEAT, measure.length / TICKS_PER_BEAT, str(measure.meter))
        for measure in to_score_measures(barlines, meters, end, BEATS)
    ]


def test_measures_lie_between_barlines() -> None:
    assert lay([0, 3, 6], [MetersAt(0, (WALTZ,))], 6) == [(0, 3, "3/4"), (3, 3, "3/4")]


def test_a_pick_up_is_a_measure_of_its_own() -> None:
    assert lay([1, 4], [MetersAt(0, (WALTZ,))], 4) == [(0, 1, "3/4"), (1, 3, "3/4")]


def test_a_meter_holds_from_its_measure_on() -> None:
    meters = [MetersAt(0, (WALTZ,)), MetersAt(3, (MARCH,))]
    assert lay([0, 3, 5], meters, 5) == [(0, 3, "3/4"), (3, 2, "2/4")]


def test_a_meter_within_a_measure_holds_from_the_next_on() -> None:
    meters = [MetersAt(0, (WALTZ,)), MetersAt(1, (MARCH,))]
    assert lay([0, 3, 5], meters, 5) == [(0, 3, "3/4"), (3, 2, "2/4")]


def test_of_several_meters_that_which_fills_the_measure_counts_else_the_first() -> None:
    assert lay([0, 3, 5, 9], [MetersAt(0, (MARCH, JIG))], 9) == [(0, 3, "6/8"), (3, 2, "2/4"), (5, 4, "2/4")]


def test_without_barlines_each_meter_is_one_long_measure_the_last_made_whole() -> None:
    meters = [MetersAt(0, (MARCH,)), MetersAt(4, (WALTZ,))]
    assert lay([8], meters, 8) == [(0, 4, "2/4"), (4, 6, "3/4")]


def test_without_barlines_and_meters_there_are_no_measures() -> None:
    assert lay([8], [], 8) == []
