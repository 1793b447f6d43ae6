from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest

from musicvae.midi.reading.scores.musicxml.document.xml_values import number_in, read_number, text_in


@pytest.mark.parametrize(
    ("text", "number"),
    [("4", 4), (" -4 ", -4), ("+1.25", Fraction(5, 4)), (".5", Fraction(1, 2)), ("3.", 3), ("007", 7),
     ("-0.5", Fraction(-1, 2))],
)  # fmt: skip
def test_a_decimal_number_is_exact(text: str, number: Fraction) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", [None, "", " ", ".", "-", "four", "1e9", "1/2", "nan", "inf", "1 2"])
def test_a_word_is_no_number(text: str | None) -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number(text)


def test_a_number_with_very_many_digits_is_a_very_large_one() -> None:
    assert read_number("9" * 100_000) == 10**18


def test_a_word_behind_very_many_blanks_is_no_number_at_once() -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number(" " * 1_000_000 + "x")  # a search that goes back and forth would take hours


def element(number: str) -> ET.Element:
    return ET.fromstring(f"<a><b>{number}</b></a>")


def test_the_number_of_a_child_is_a_whole_one() -> None:
    assert [number_in(element("2.6"), "b"), number_in(element("7"), "c", 5)] == [3, 5]


@pytest.mark.parametrize("path", ["b", "c"])
def test_a_child_that_is_missing_or_too_large_is_an_error(path: str) -> None:
    with pytest.raises(ValueError, match=r"too large|not a number"):
        number_in(element("1001"), path)


def test_a_text_has_single_blanks() -> None:
    assert (text_in(element(" a \n b "), "b"), text_in(element(""), "c")) == ("a b", "")
