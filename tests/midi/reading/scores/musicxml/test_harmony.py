from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from musicvae.midi.reading.scores.chord_symbols import KINDS
from musicvae.midi.reading.scores.musicxml.harmony import read_harmony


def chord(text: str, semitones: int = 0) -> tuple[int, ...] | None:
    return read_harmony(ET.fromstring(f"<harmony>{text}</harmony>"), semitones, Counter())


def root(step: str, alter: str = "", kind: str = "major") -> str:
    altered = f"<root-alter>{alter}</root-alter>" if alter else ""
    return f"<root><root-step>{step}</root-step>{altered}</root><kind>{kind}</kind>"


def degree(value: int, alter: int, verb: str) -> str:
    return (
        f"<degree><degree-value>{value}</degree-value><degree-alter>{alter}</degree-alter>"
        f"<degree-type>{verb}</degree-type></degree>"
    )


@pytest.mark.parametrize(
    ("kind", "pitches"),
    [("major", (48, 52, 55)), ("minor-seventh", (48, 51, 55, 58)), ("half-diminished", (48, 51, 54, 58)),
     ("dominant-ninth", (48, 52, 55, 58, 62)), ("suspended-fourth", (48, 53, 55)), ("power", (48, 55)),
     ("Tristan", (48, 52, 55)), ("", (48, 52, 55))],
)  # fmt: skip
def test_the_kind_says_the_pitches(kind: str, pitches: tuple[int, ...]) -> None:
    assert chord(root("C", kind=kind)) == pitches


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_sounds_from_its_root(kind: str) -> None:
    assert (chord(root("E", "-1", kind)) or ())[0] == 51


def test_a_bass_sounds_below() -> None:
    assert chord(root("D") + "<bass><bass-step>F</bass-step><bass-alter>1</bass-alter></bass>") == (
        42,
        50,
        57,
    )


@pytest.mark.parametrize(
    ("degrees", "pitches"),
    [(degree(9, 0, "add"), (48, 52, 55, 62)), (degree(5, -1, "alter"), (48, 52, 54)),
     (degree(3, 0, "subtract"), (48, 55)),
     (degree(9, -1, "add") + degree(11, 1, "add"), (48, 52, 55, 61, 66))],
)  # fmt: skip
def test_degrees_are_added_altered_and_subtracted(degrees: str, pitches: tuple[int, ...]) -> None:
    assert chord(root("C") + degrees) == pitches


def test_degrees_of_one_chord_leave_the_next_alone() -> None:
    chord(root("C") + degree(5, 1, "alter"))
    assert chord(root("C")) == (48, 52, 55)


def test_no_chord_has_no_pitches() -> None:
    assert chord("<root><root-step>C</root-step></root><kind>none</kind>") == ()


def test_a_chord_of_a_transposing_part_sounds_with_it() -> None:
    assert chord(root("D"), semitones=-2) == (48, 52, 55)


def test_a_function_is_no_chord_symbol() -> None:
    assert chord("<function>IV</function><kind>major</kind>") is None


@pytest.mark.parametrize(
    "text", [root("H"), root("C", "x"), root("C") + "<degree/>", root("C") + degree(9, 99999, "add")]
)
def test_a_damaged_symbol_is_an_error(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        chord(text)
