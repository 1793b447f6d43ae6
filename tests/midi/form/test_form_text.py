from __future__ import annotations

import numpy as np
import pytest

from musicvae.errors import SongError
from musicvae.midi.form.form_text import parse_form, parse_meters
from musicvae.midi.songs.song import Meter

NEW = -1


@pytest.mark.parametrize(
    "text", ["AABA", "aaba", " A A B A ", "A-A-B-A", "A,A,B,A", "A2A2B2A2", "A2 A2 B2 A2"]
)
def test_sections_of_one_letter_are_the_same(text: str) -> None:
    plan = parse_form(text, 8)
    assert plan.source.tolist() == [NEW, NEW, 0, 1, NEW, NEW, 0, 1]
    assert not plan.varied.any()
    assert not plan.upbeat


@pytest.mark.parametrize("text", ["AA'BA'", "AA’BA’", "A2A'2B2A2'"])
def test_a_primed_section_varies_the_plain_one_and_is_then_repeated_itself(text: str) -> None:
    plan = parse_form(text, 8)
    assert plan.source.tolist() == [NEW, NEW, 0, 1, NEW, NEW, 2, 3]
    assert plan.varied.tolist() == [False, False, True, True, False, False, False, False]


def test_two_primes_make_a_variation_of_their_own() -> None:
    plan = parse_form("AA'A''", 3)
    assert plan.source.tolist() == [NEW, 0, 0]
    assert plan.varied.tolist() == [False, True, True]


def test_the_plain_section_comes_back_note_for_note_after_its_variation() -> None:
    plan = parse_form("AA'A", 3)
    assert plan.source.tolist() == [NEW, 0, 0]
    assert plan.varied.tolist() == [False, True, False]


def test_a_form_with_lengths_says_how_many_measures_there_are() -> None:
    plan = parse_form("A8B4A8", None)
    assert plan.source.tolist() == [NEW] * 12 + list(range(8))


def test_a_shorter_section_takes_up_the_beginning_and_a_longer_one_goes_on_anew() -> None:
    assert parse_form("A4 A2 A6 A6", None).source.tolist() == [
        *[NEW] * 4,
        *[0, 1],
        *[0, 1, 2, 3, NEW, NEW],
        *[6, 7, 8, 9, 10, 11],
    ]


def test_one_section_is_all_new() -> None:
    assert np.all(parse_form("A", 16).source == NEW)


@pytest.mark.parametrize(
    ("text", "measures", "complaint"),
    [
        ("", 8, "'' is not a form: write it as AABA"),
        ("A?B", 8, "'A\\?B' is not a form"),
        ("8A", 8, "is not a form"),
        ("A8 B", 16, "lengths for some sections: write one for each"),
        ("A8 B0", 8, "a section of no length"),
        ("A8 B8", 32, "has 16 measures, not 32: ask for 16"),
        ("A999999999", None, "ask for 200,000 or fewer"),
        ("AABA", None, "has no lengths: say how many measures"),
        ("AAB", 32, "32 measures cannot be cut into 3 sections of one length: ask for 30 or 33"),
        ("AABA", 3, "3 measures cannot be cut into 4 sections of one length: ask for 4,"),
        ("A'B", 8, "varies A before it has come: begin with A"),
    ],
)
def test_a_form_that_cannot_be_is_refused(text: str, measures: int | None, complaint: str) -> None:
    with pytest.raises(SongError, match=complaint):
        parse_form(text, measures)


def test_one_meter_is_that_of_all_measures() -> None:
    assert parse_meters("3/4", 4) == (Meter(3, 4),) * 4


@pytest.mark.parametrize("text", ["4/4x2,3/4x2", " 4/4 x 2, 3/4 x 2 ", "4/4×2,3/4X2", "4/4,4/4,3/4,3/4"])
def test_a_list_says_the_meters_in_order(text: str) -> None:
    assert parse_meters(text, None) == (Meter(4, 4),) * 2 + (Meter(3, 4),) * 2
    assert parse_meters(text, 4) == parse_meters(text, None)


def test_one_meter_with_a_number_is_a_list() -> None:
    assert parse_meters("6/8x3", None) == (Meter(6, 8),) * 3


@pytest.mark.parametrize(
    ("text", "measures", "complaint"),
    [
        ("three four", 8, "'three four' is not a meter: write it as 3/4, or a list"),
        ("4/3", 8, "is not a meter"),
        ("4/4x0", None, "is not a meter"),
        ("4/4x8,", None, "is not a meter"),
        ("4/4x8,3/4x8", 32, "4/4x8,3/4x8 has 16 measures, not 32: ask for 16"),
        ("4/4x999999999", None, "ask for 200,000 or fewer"),
        ("4/4", 999_999_999, "ask for 200,000 or fewer"),
        ("3/4", None, "say how many measures of 3/4 there are, as in 3/4x16"),
    ],
)
def test_meters_that_cannot_be_are_refused(text: str, measures: int | None, complaint: str) -> None:
    with pytest.raises(SongError, match=complaint):
        parse_meters(text, measures)
