from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.abc.abc_layout import AbcLayout, VoiceMeasures, lay_out
from musicvae.midi.reading.scores.abc.abc_sheet import GRAINS_PER_WHOLE, Place
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT
from musicvae.midi.songs.song import Meter

GRAINS_PER_BEAT = GRAINS_PER_WHOLE // 4
REST = None


def lay(*voices: list[int | None], meter: Meter | None = None) -> AbcLayout:
    """Return how measures of so many beats lie, in 4/4 if no meter is given."""
    return lay_out(
        [VoiceMeasures([beats and beats * GRAINS_PER_BEAT for beats in voice], {}) for voice in voices],
        meter or Meter(4, 4),
    )


def beats_of(layout: AbcLayout) -> list[list[int]]:
    """Return where the measures of each voice begin, and where it ends, in beats."""
    return [[start // GRAINS_PER_BEAT for start in voice.starts] for voice in layout.voices]


def bars_of(layout: AbcLayout) -> list[int]:
    return [start // GRAINS_PER_BEAT for start in layout.bars]


def test_measures_of_voices_begin_together() -> None:
    layout = lay([1, 4, 3], [1, 4, 3])
    assert beats_of(layout) == [[0, 1, 5, 8]] * 2
    assert bars_of(layout) == [0, 1, 5]


@pytest.mark.parametrize("second", [[4, 2, 4], [4, 3, 4]])
def test_a_measure_that_is_too_short_waits_for_the_others(second: list[int | None]) -> None:
    layout = lay([4, 4, 4], second)
    assert beats_of(layout) == [[0, 4, 8, 12]] * 2


def test_errors_that_make_up_for_each_other_later_stay_in_their_measures() -> None:
    assert beats_of(lay([4, 4, 4, 4], [3, 4, 5, 4]))[1] == [0, 4, 8, 13, 17]


@pytest.mark.parametrize("second", [[8, 4, 4], [4, 12], [16], [2, 2, 4, 4, 4], [4, 6, 2, 4]])
def test_a_voice_with_other_barlines_keeps_its_time(second: list[int | None]) -> None:
    layout = lay([4, 4, 4, 4], second)
    assert [starts[-1] for starts in beats_of(layout)] == [16, 16]
    assert bars_of(layout) == [0, 4, 8, 12]


def test_a_rest_is_as_long_as_the_measure_of_the_others() -> None:
    assert beats_of(lay([1, 4, 6], [REST, REST, REST], [1, 4, 6])) == [[0, 1, 5, 11]] * 3


def test_a_rest_of_all_is_as_long_as_the_meter_says() -> None:
    assert beats_of(lay([REST, 3], [REST, 3], meter=Meter(3, 4))) == [[0, 3, 6]] * 2


def test_a_voice_may_end_before_the_others() -> None:
    assert beats_of(lay([4, 4, 4], [4])) == [[0, 4, 8, 12], [0, 4]]


def test_meters_hold_for_all_voices_from_where_one_names_them() -> None:
    beat = GRAINS_PER_BEAT
    first, second = [4 * beat, 3 * beat, 3 * beat], [4 * beat, 6 * beat]
    layout = lay_out([VoiceMeasures(first, {}), VoiceMeasures(second, {1: Meter(3, 4)})], Meter(4, 4))
    assert [str(measure.meter) for measure in layout.measures()] == ["4/4", "3/4", "3/4"]


def test_a_place_becomes_the_nearest_tick() -> None:
    voice = lay([4, 4]).voices[0]
    assert voice.tick(Place(1, GRAINS_PER_BEAT)) == 5 * TICKS_PER_BEAT
    assert voice.tick(Place(0, GRAINS_PER_BEAT - 1)) == TICKS_PER_BEAT


def test_without_barlines_whole_measures_are_cut() -> None:
    lengths = [measure.length // TICKS_PER_BEAT for measure in lay([11]).cut_measures()]
    assert lengths == [4, 4, 3]


def test_no_voices_have_no_measures() -> None:
    assert lay().measures() == []
