from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest

from musicvae.midi.reading.scores.musicxml.part_attributes import PartAttributes, read_meter
from musicvae.midi.reading.scores.musicxml.score_clock import ScoreClock


def read(*texts: str, in_concert_pitch: bool = False) -> PartAttributes:
    attributes = PartAttributes(ScoreClock(10080, Fraction(1)), in_concert_pitch)
    for text in texts:
        attributes.read(ET.fromstring(f"<attributes>{text}</attributes>"))
    return attributes


def key(fifths: int) -> str:
    return f"<key><fifths>{fifths}</fifths></key>"


def transpose(chromatic: int, diatonic: int | None = None, octave: int = 0, staff: str = "") -> str:
    steps = "" if diatonic is None else f"<diatonic>{diatonic}</diatonic>"
    number = f' number="{staff}"' if staff else ""
    octaves = f"<octave-change>{octave}</octave-change>" if octave else ""
    return f"<transpose{number}>{steps}<chromatic>{chromatic}</chromatic>{octaves}</transpose>"


@pytest.mark.parametrize(
    ("time", "meter"),
    [("<beats>6</beats><beat-type>8</beat-type>", "6/8"),
     ("<beats>3+2</beats><beat-type>8</beat-type>", "5/8"),
     ("<beats> 3 + 2 + 3 </beats><beat-type>8</beat-type>", "8/8"),
     ("<beats>3</beats><beat-type>8</beat-type><beats>2</beats><beat-type>4</beat-type>", "7/8"),
     ("<beats>2</beats><beat-type>4</beat-type><interchangeable><beats>6</beats><beat-type>8</beat-type>"
      "</interchangeable>", "2/4")],
)  # fmt: skip
def test_a_time_is_a_meter(time: str, meter: str) -> None:
    assert str(read_meter(ET.fromstring(f"<time>{time}</time>"))) == meter


@pytest.mark.parametrize(
    "time",
    ["<senza-misura/>", "", "<beats>4</beats>", "<beats>4</beats><beat-type>3</beat-type>",
     "<beats>x</beats><beat-type>4</beat-type>", "<beats>0</beats><beat-type>4</beat-type>",
     "<beats>1</beats><beat-type>0</beat-type>", "<beats>99999</beats><beat-type>4</beat-type>"],
)  # fmt: skip
def test_a_free_time_and_one_that_cannot_be_have_no_meter(time: str) -> None:
    assert read_meter(ET.fromstring(f"<time>{time}</time>")) is None


def test_of_several_staves_the_meter_of_the_first_counts() -> None:
    staves = [f"<time number='{n}'><beats>{n + 2}</beats><beat-type>4</beat-type></time>" for n in (1, 2)]
    assert str(read("".join(staves)).meter) == "3/4"


def test_divisions_last_until_they_change() -> None:
    attributes = read("<divisions>4</divisions>", key(0))
    assert attributes.per_division == 2520
    attributes.read(ET.fromstring("<attributes><divisions>12</divisions></attributes>"))
    assert attributes.per_division == 840


@pytest.mark.parametrize(("octave", "semitones"), [(0, -2), (-1, -14), (1, 10)])
def test_a_transposition_has_semitones_and_octaves(octave: int, semitones: int) -> None:
    assert read(transpose(-2, -1, octave)).transposition("1").semitones == semitones


def test_a_transposition_changes_and_ends() -> None:
    attributes = read(transpose(-2), transpose(-3))
    assert attributes.transposition("").semitones == -3
    attributes.read(ET.fromstring(f"<attributes>{transpose(0)}</attributes>"))
    assert attributes.transposition("").semitones == 0


def test_staves_transpose_apart() -> None:
    attributes = read(transpose(-2, staff="1") + transpose(-9, staff="2"))
    assert [attributes.transposition(staff).semitones for staff in ("1", "2", "3", "")] == [-2, -9, 0, -2]


def test_a_transposition_of_all_staves_takes_the_place_of_those_of_each() -> None:
    attributes = read(transpose(-2, staff="1") + transpose(-9, staff="2"), transpose(3))
    assert [attributes.transposition(staff).semitones for staff in ("1", "2")] == [3, 3]


def test_a_score_in_concert_pitch_transposes_by_octaves_alone() -> None:
    attributes = read(transpose(-2, octave=-1), in_concert_pitch=True)
    assert (attributes.transposition("1").semitones, attributes.transposes) == (-12, False)


@pytest.mark.parametrize(
    ("chromatic", "diatonic", "written", "sounding"),
    [(-2, -1, 2, 0), (-9, -5, 0, -3), (-7, -4, 0, -1), (-3, -2, -3, 0), (2, 1, 0, 2),
     (-2, None, 2, 0), (-9, None, 0, -3), (-7, None, 0, -1), (-3, None, -3, 0), (3, None, 0, -3),
     (-2, -1, -6, 4), (-12, -7, 1, 1), (0, 0, 1, 1)],
)  # fmt: skip
def test_a_key_is_that_which_sounds(
    chromatic: int, diatonic: int | None, written: int, sounding: int
) -> None:
    attributes = read(key(written) + transpose(chromatic, diatonic))
    assert attributes.key is not None
    assert attributes.key.fifths == sounding


def test_a_key_has_its_mode() -> None:
    assert read("<key><fifths>2</fifths><mode>minor</mode></key>").key == (2, "minor")


def test_a_key_of_steps_is_passed_over() -> None:
    steps = "<key><key-step>B</key-step><key-alter>-1</key-alter></key>"
    assert read(key(1), steps).key == (1, "major")


@pytest.mark.parametrize(
    "text", ["<key><fifths>x</fifths></key>", key(99), transpose(9999), transpose(0, octave=99)]
)
def test_damaged_attributes_are_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|too large"):
        read(text)
