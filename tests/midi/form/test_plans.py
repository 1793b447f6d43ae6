from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.evaluate.music.statistics import repeated_measures
from musicvae.midi.form import plans
from musicvae.midi.form.plans import REACH, Plan, find_plan, lags_to_plan
from musicvae.midi.songs.joining import join_songs
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song

# Measures of four quarter notes. The small letters differ from the capital in one note.
MEASURES = {
    "A": [60, 62, 64, 65],
    "a": [60, 62, 64, 67],
    "B": [72, 71, 69, 67],
    "b": [72, 71, 69, 65],
    "C": [48, 50, 52, 53],
    "D": [80, 82, 84, 85],
    ".": [],
}


def tune(measures: str, meter: Meter = Meter()) -> Song:  # noqa: B008 (immutable)
    rows = [
        (16 * number + 4 * beat, 4, pitch, 80, 0)
        for number, name in enumerate(measures)
        for beat, pitch in enumerate(MEASURES[name])
    ]
    return Song(make_notes(rows), (meter,) * len(measures), (Part("melody"),))


def lags(measures: str) -> list[int]:
    return find_plan(tune(measures)).lag.tolist()


@pytest.mark.parametrize(
    ("measures", "lag"),
    [
        ("ABCD", [0, 0, 0, 0]),
        ("ABAB", [0, 0, 2, 2]),
        ("AAAA", [0, 1, 1, 1]),
        ("ABCDABCD", [0, 0, 0, 0, 4, 4, 4, 4]),
    ],
)
def test_a_measure_takes_up_the_earlier_one_that_it_repeats(measures: str, lag: list[int]) -> None:
    assert lags(measures) == lag


def test_a_run_goes_on_although_a_nearer_measure_is_the_same() -> None:
    assert lags("AABCAABC") == [0, 1, 0, 0, 4, 4, 4, 4]


def test_a_section_is_taken_up_from_where_most_of_it_follows() -> None:
    assert lags("ABCADABC") == [0, 0, 0, 3, 0, 5, 5, 5]


def test_of_equal_sources_the_most_recent_counts() -> None:
    assert lags("ABADA") == [0, 0, 2, 0, 2]


def test_a_measure_with_one_note_of_four_changed_is_varied() -> None:
    plan = find_plan(tune("ABab"))
    assert plan.source.tolist() == [-1, -1, 0, 1]
    assert plan.varied.tolist() == [False, False, True, True]


def test_a_measure_that_was_said_note_for_note_anywhere_is_not_varied() -> None:
    plan = find_plan(tune("aBCDABCa"))
    assert plan.lag.tolist() == [0, 0, 0, 0, 4, 4, 4, 7]
    assert plan.varied.tolist() == [False] * 4 + [True] + [False] * 3


def test_a_longer_note_is_a_change_and_a_louder_one_is_none() -> None:
    rows = [(0, 4, 60, 80, 0), (4, 4, 62, 80, 0), (16, 4, 60, 30, 0), (20, 4, 62, 80, 0)]
    rows += [(32, 4, 60, 80, 0), (36, 8, 62, 80, 0)]
    plan = find_plan(Song(make_notes(rows), (Meter(),) * 3, (Part("melody"),)))
    assert plan.lag.tolist() == [0, 1, 1]
    assert plan.varied.tolist() == [False, False, True]


def test_a_measure_with_a_held_note_is_not_the_same_as_one_that_strikes_it() -> None:
    rows = [(0, 20, 60, 80, 0), (20, 4, 62, 80, 0), (24, 4, 64, 80, 0)]  # held into measure 1
    rows += [(32, 4, 60, 80, 0), (36, 4, 62, 80, 0), (40, 4, 64, 80, 0)]
    plan = find_plan(Song(make_notes(rows), (Meter(),) * 3, (Part("melody"),)))
    assert plan.lag.tolist() == [0, 0, 1]
    assert plan.varied.tolist() == [False, False, True]


def test_the_same_notes_in_another_part_are_new() -> None:
    rows = [(0, 4, 60, 80, 0), (4, 4, 64, 80, 0), (16, 4, 60, 80, 1), (20, 4, 64, 80, 1)]
    song = Song(make_notes(rows), (Meter(),) * 2, (Part("alto"), Part("tenor")))
    assert find_plan(song).lag.tolist() == [0, 0]


def test_the_same_notes_in_another_meter_are_new() -> None:
    song = join_songs([tune("A"), tune("A", Meter(2, 2)), tune("A")])
    assert find_plan(song).lag.tolist() == [0, 0, 2]


def test_silence_repeats_nothing_but_continues_a_run() -> None:
    assert lags("A..A.A.") == [0, 0, 0, 3, 3, 2, 2]


def test_a_song_that_begins_in_silence_has_an_upbeat() -> None:
    assert find_plan(tune(".A")).upbeat
    assert not find_plan(tune("A.")).upbeat
    assert not find_plan(tune("..")).upbeat


def test_a_source_lies_no_further_back_than_plans_reach() -> None:
    assert lags("A" + "." * (REACH - 1) + "A")[-1] == REACH
    assert lags("A" + "." * REACH + "A")[-1] == 0


def test_a_song_without_measures_has_an_empty_plan() -> None:
    assert find_plan(tune("")).measures == 0


@given(st.text("AaBbCD.", min_size=1, max_size=40))
def test_a_plan_found_in_blocks_is_the_plan_found_at_once(measures: str) -> None:
    whole = find_plan(tune(measures))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "_BLOCK", 3)
        in_blocks = find_plan(tune(measures))
    assert np.array_equal(whole.source, in_blocks.source)
    assert np.array_equal(whole.varied, in_blocks.varied)


@given(st.text("AaBbCD", min_size=1, max_size=40))
def test_the_share_of_exact_repeats_is_that_of_the_statistics(measures: str) -> None:
    song = tune(measures)
    plan = find_plan(song)
    assert np.mean((plan.source >= 0) & ~plan.varied) == pytest.approx(repeated_measures(song))


def test_lags_say_the_whole_plan() -> None:
    plan = Plan(np.array([-1, 0, -1, 0]), np.array([False, True, False, False]), upbeat=True)
    again = lags_to_plan(plan.lag, plan.varied, plan.upbeat)
    assert plan.lag.tolist() == [0, 1, 0, 3]
    assert again.source.tolist() == plan.source.tolist()


@pytest.mark.parametrize(
    ("source", "varied", "complaint"),
    [
        ([-1, 1], [False, False], "only take up an earlier one"),
        ([-2], [False], "only take up an earlier one"),
        ([-1], [True], "cannot be varied"),
        ([-1, 0], [False], "for each measure"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(source: list[int], varied: list[bool], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Plan(np.array(source), np.array(varied))
