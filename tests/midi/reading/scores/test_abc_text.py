from __future__ import annotations

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc_text import count_meters, mend_tune, split_tunes


def test_fields_before_the_first_tune_hold_for_all() -> None:
    assert split_tunes("%comment\nL:1/4\nX:1\nK:C\nC|\nX:2\nK:C\nD|\n") == [
        "X:1\nL:1/4\nK:C\nC|\n",
        "X:2\nL:1/4\nK:C\nD|\n",
    ]


def test_a_text_without_a_number_is_one_tune() -> None:
    assert split_tunes("K:C\nC|\n") == ["X:1\nK:C\nC|\n"]


def test_a_meter_within_a_line_stands_alone_and_twice() -> None:
    assert mend_tune("X:1\nL:1/4\nK:C\nC|[M:3/4]CDE|\n") == "X:1\nL:1/4\nK:C\nC|\nM:3/4\nM:3/4\nCDE|\n"


def test_chords_are_no_fields() -> None:
    assert mend_tune("X:1\nL:1/4\nK:C\n[CEG]|\n") == "X:1\nL:1/4\nK:C\n[CEG]|\n"


def test_the_lines_of_a_voice_are_gathered_with_what_holds_for_all_before_each() -> None:
    text = "X:1\nL:1/4\nV:1\nV:2\nK:C\nQ:1/4=90\nV:1\nCD|\nV:2 clef=bass\nC,2|\nV:1\nE2|\n"
    assert mend_tune(text) == "X:1\nL:1/4\nK:C\nV:1\nQ:1/4=90\nCD|\nE2|\nV:2\nQ:1/4=90\nC,2|\n"


def test_the_unit_is_an_eighth_if_nothing_is_said() -> None:
    assert mend_tune("X:1\nK:C\nC|\n") == "X:1\nL:1/8\nK:C\nC|\n"


@pytest.mark.parametrize("line", ["C99999|", "| E F100000 |", "L:1/99999"])
def test_a_note_that_lasts_for_ever_is_refused(line: str) -> None:
    with pytest.raises(SongError, match="far too long"):
        mend_tune(f"X:1\nK:C\n{line}\n")


@pytest.mark.parametrize("line", ["Z:20010705002338", '"20010705"C|', "C| % 20010705", "T:12345"])
def test_long_numbers_elsewhere_are_no_notes(line: str) -> None:
    assert line in mend_tune(f"X:1\nL:1/4\nK:C\n{line}\n")


def test_meters_are_counted_wherever_they_stand() -> None:
    assert count_meters("X:1\nM:3/4\nK:C\nC|[M:4/4]C|\nM:2/4\nC|\n") == 3
