from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.humdrum.barline_places import FoundBarline, place_barlines


def places_of(*found: tuple[int, int], whole: int = 8) -> list[int]:
    """Return where barlines stand that were found at a place, a line before them at another."""
    return place_barlines([FoundBarline(place, before, (whole,)) for place, before in found])


def test_barlines_of_whole_measures_stay() -> None:
    assert places_of((0, -1), (8, 4), (16, 12)) == [0, 8, 16]


def test_a_barline_within_a_note_of_all_voices_goes_back() -> None:
    assert places_of((0, -1), (10, 6), (16, 14)) == [0, 8, 16]


def test_several_go_back_one_after_another() -> None:
    assert places_of((0, -1), (10, 6), (18, 14), (24, 20), (32, 28)) == [0, 8, 16, 24, 32]


def test_a_measure_that_is_long_by_itself_stays() -> None:
    assert places_of((0, -1), (10, 6), (18, 16), (26, 24)) == [0, 10, 18, 26]


def test_a_barline_stays_where_notes_begin_after_its_measure_is_whole() -> None:
    assert places_of((0, -1), (10, 9), (16, 14)) == [0, 10, 16]


def test_the_end_stays() -> None:
    assert places_of((0, -1), (8, 6), (18, 14)) == [0, 8, 18]


def test_a_pick_up_goes_before() -> None:
    assert places_of((2, -1), (12, 8), (18, 14)) == [2, 10, 18]


@pytest.mark.parametrize("wholes", [((8,), (6,)), ((), ()), ((8,), ())])
def test_a_barline_at_a_change_of_meter_stays(wholes: tuple[tuple[int, ...], ...]) -> None:
    found = [FoundBarline(0, -1, ()), FoundBarline(10, 6, wholes[0]), FoundBarline(14, 12, wholes[1])]
    assert place_barlines(found) == [0, 10, 14]
