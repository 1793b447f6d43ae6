from __future__ import annotations

import numpy as np
import pytest

from musicvae.midi.reading.scores.score_measures import Barlines, ScoreMeasure, lay_barlines
from musicvae.midi.songs.song import Meter
from musicvae.midi.songs.source import MeterChange

TICKS = 480  # to the beat
JIG = Meter(6, 8)  # 1440 ticks


def lay(lengths: list[int], meter: Meter | None = JIG) -> Barlines:
    """Return the barlines of a score whose measures have these lengths in eighths, all in one meter."""
    starts = np.cumsum([0, *lengths[:-1]]) * 240
    return lay_barlines(
        [
            ScoreMeasure(start, length * 240, meter)
            for start, length in zip(starts.tolist(), lengths, strict=True)
        ],
        TICKS,
    )


def meters_of(barlines: Barlines) -> list[tuple[float, str]]:
    """Return the changes of meter, each with the eighth at which it stands."""
    return [(change.tick / 240, str(change.meter)) for change in barlines.meters]


def test_whole_measures_stay_where_they_are() -> None:
    barlines = lay([6, 6, 6])
    assert meters_of(barlines) == [(0, "6/8")]
    assert barlines.move(np.array([0, 1440, 4000])).tolist() == [0, 1440, 4000]


def test_a_pick_up_is_the_tail_of_a_whole_measure() -> None:
    barlines = lay([1, 6, 6])
    assert meters_of(barlines) == [(0, "6/8")]
    assert barlines.move(np.array([0, 240, 1680])).tolist() == [5 * 240, 6 * 240, 12 * 240]


def test_a_short_last_measure_is_filled_with_silence() -> None:
    assert meters_of(lay([1, 6, 5])) == [(0, "6/8")]


def test_two_halves_around_a_repeat_sign_are_one_measure() -> None:
    barlines = lay([6, 5, 1, 6])
    assert meters_of(barlines) == [(0, "6/8")]
    assert barlines.new.tolist() == [0, 1440, 2880]


def test_of_three_short_measures_those_two_are_joined_that_make_a_whole_one() -> None:
    assert meters_of(lay([6, 5, 5, 1, 6])) == [(0, "6/8"), (6, "5/8"), (11, "6/8")]


@pytest.mark.parametrize(
    ("length", "own"),
    [(5, "5/8"), (4, "4/8"), (7, "7/8"), (9, "9/8"), (4.5, "9/16"), (4.4, "9/16")],
)
def test_any_other_measure_has_a_meter_of_its_own_length(length: float, own: str) -> None:
    measures = [
        ScoreMeasure(0, 1440, JIG),
        ScoreMeasure(1440, round(length * 240), JIG),
        ScoreMeasure(1440 + round(length * 240), 1440, JIG),
    ]
    barlines = lay_barlines(measures, TICKS)
    numerator, denominator = map(int, own.split("/"))
    after = 1440 + 4 * TICKS * numerator // denominator
    assert barlines.meters == (
        MeterChange(0, JIG),
        MeterChange(1440, Meter.parse(own)),
        MeterChange(after, JIG),
    )
    assert barlines.new.tolist() == [0, 1440, after]


@pytest.mark.parametrize("length", [12, 24, 60, 61, 64])
def test_a_measure_as_long_as_several_is_cut_into_whole_ones(length: int) -> None:
    barlines = lay([6, length, 6])
    assert meters_of(barlines) == [(0, "6/8")]
    assert barlines.new[2] == (6 + -(-length // 6) * 6) * 240


def test_without_a_meter_every_measure_has_its_own() -> None:
    assert meters_of(lay([6, 8, 8, 4], meter=None)) == [(0, "3/4"), (6, "4/4"), (22, "2/4")]


def test_empty_measures_are_left_out() -> None:
    assert lay([6, 0, 6]).new.tolist() == [0, 1440]


def test_a_score_without_measures_moves_nothing() -> None:
    assert lay_barlines([], TICKS).move(np.array([5, 7])).tolist() == [5, 7]
