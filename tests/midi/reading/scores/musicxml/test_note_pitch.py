from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from musicvae.midi.reading.scores.musicxml.document.part_list import ListedInstrument, ListedPart
from musicvae.midi.reading.scores.musicxml.note_pitch import MICROTONES, DrumKit, Said, pitch_of


def said(text: str) -> Said:
    return {child.tag: child for child in ET.fromstring(f"<note>{text}</note>")}


def pitch(step: str, octave: str = "4", alter: str = "") -> str:
    altered = f"<alter>{alter}</alter>" if alter else ""
    return f"<pitch><step>{step}</step>{altered}<octave>{octave}</octave></pitch>"


def drum(step: str, octave: int, instrument: str = "") -> str:
    display = f"<display-step>{step}</display-step><display-octave>{octave}</display-octave>"
    named = f'<instrument id="{instrument}"/>' if instrument else ""
    return f"<unpitched>{display}</unpitched>{named}"


def kit(listed: ListedPart, *notes: str) -> DrumKit:
    return DrumKit(
        listed, [ET.fromstring(f"<measure>{''.join(f'<note>{one}</note>' for one in notes)}</measure>")]
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [(pitch("C"), 60), (pitch("B", "3"), 59), (pitch("F", "4", "1"), 66), (pitch("C", "4", "-1"), 59),
     (pitch("G", "5", "-2"), 77), (pitch(" a ", " 4 "), 69)],
)  # fmt: skip
def test_a_pitch_is_step_sign_and_octave(text: str, number: int) -> None:
    assert pitch_of(said(text), Counter()) == number


@pytest.mark.parametrize(
    ("sign", "number"),
    [("sharp", 68), ("flat", 66), ("natural", 67), ("flat-flat", 65), ("double-sharp", 69)],
)
def test_a_sign_that_is_drawn_counts_where_none_is_said(sign: str, number: int) -> None:
    assert pitch_of(said(pitch("G") + f"<accidental>{sign}</accidental>"), Counter()) == number


def test_what_is_said_counts_before_what_is_drawn() -> None:
    assert pitch_of(said(pitch("G", "4", "-1") + "<accidental>sharp</accidental>"), Counter()) == 66


def test_quarter_tones_are_moved_and_counted() -> None:
    noticed = Counter[str]()
    assert pitch_of(said(pitch("G", "4", "1.4")), noticed) == 68
    assert noticed == {MICROTONES: 1}


@pytest.mark.parametrize(
    "text", [pitch("H"), pitch("C", "x"), pitch("C", "999"), pitch("C", "4", "99"), "<pitch/>", ""]
)
def test_a_damaged_pitch_is_an_error(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        pitch_of(said(text), Counter())


COWBELL = ListedInstrument(0, True, 56)
RIDE = ListedInstrument(0, True, 51)
FLUTE = ListedInstrument(73, False, None)


def test_a_drum_is_that_of_its_instrument() -> None:
    both = ListedPart("Drums", {"a": COWBELL, "b": RIDE})
    notes = [drum("E", 4, "a"), drum("E", 4, "b")]
    assert [kit(both, *notes).key(said(note)) for note in notes] == [56, 51]


def test_without_instruments_the_line_says_which_drum() -> None:
    notes = [drum("F", 4), drum("C", 5), drum("G", 5), drum("C", 9)]
    assert [kit(ListedPart(), *notes).key(said(note)) for note in notes] == [36, 38, 42, 38]


def test_a_part_on_one_line_is_its_one_drum() -> None:
    assert kit(ListedPart("Bell", {"a": COWBELL}), drum("E", 4)).key(said(drum("E", 4))) == 56


def test_a_part_may_be_known_by_its_name() -> None:
    assert kit(ListedPart("Triangle"), drum("E", 4)).key(said(drum("E", 4))) == 81


def test_a_part_on_many_lines_is_a_kit() -> None:
    notes = [drum("F", 4), drum("C", 5)]
    assert kit(ListedPart("Bell", {"a": COWBELL}), *notes).key(said(notes[0])) == 36


def test_a_note_without_a_line_is_a_snare() -> None:
    assert kit(ListedPart()).key(said("<unpitched/>")) == 38


def test_a_drum_written_as_a_pitch_is_that_of_its_instrument() -> None:
    both = ListedPart("Drums", {"a": COWBELL, "b": ListedInstrument(0, True, None), "c": FLUTE})
    notes = [said(pitch("C") + f'<instrument id="{name}"/>') for name in "abc"]
    assert [kit(both).key_of_pitch(note, 60) for note in notes] == [56, 60, None]


def test_a_pitch_in_a_part_of_drums_is_a_key() -> None:
    assert (
        kit(ListedPart("Drums", {"a": ListedInstrument(0, True, None)})).key_of_pitch(said(pitch("C")), 60)
        == 60
    )
