from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from musicvae.midi.reading.scores.musicxml.lyrics import first_verse


def sung(text: str) -> str:
    return first_verse(ET.fromstring(f"<note>{text}</note>").iterfind("lyric"))


@pytest.mark.parametrize(
    ("syllabic", "syllable"), [("single", "love"), ("begin", "love-"), ("middle", "love-"), ("end", "love")]
)
def test_a_syllable_that_goes_on_ends_in_a_hyphen(syllabic: str, syllable: str) -> None:
    assert sung(f"<lyric><syllabic>{syllabic}</syllabic><text> love</text></lyric>") == syllable


@pytest.mark.parametrize("number", ["1", "part1verse1", "verse 1", ""])
def test_the_first_verse_is_sung(number: str) -> None:
    assert (
        sung(f'<lyric number="2"><text>no</text></lyric><lyric number="{number}"><text>yes</text></lyric>')
        == "yes"
    )


@pytest.mark.parametrize("number", ["2", "11", "21", "part1verse2"])
def test_other_verses_are_not(number: str) -> None:
    assert sung(f'<lyric number="{number}"><text>no</text></lyric>') == ""


@pytest.mark.parametrize(
    ("elision", "syllable"),
    [
        ("<elision>‿</elision>", "te‿a-"),
        ("<elision> </elision>", "te a-"),
        ("<elision/>", "te a-"),
        ("", "te a-"),
    ],
)
def test_syllables_run_into_each_other(elision: str, syllable: str) -> None:
    first, then = "<syllabic>end</syllabic><text>te</text>", "<syllabic>begin</syllabic><text>a</text>"
    assert sung(f"<lyric>{first}{elision}{then}</lyric>") == syllable


def test_a_line_that_is_held_out_is_no_syllable() -> None:
    assert sung("<lyric><extend/></lyric>") == ""
