from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from musicvae.midi.reading.scores.musicxml.document.part_list import ListedPart, read_part_list


def listed(text: str) -> ListedPart:
    part = f'<part-list><score-part id="P1">{text}</score-part></part-list>'
    return read_part_list(ET.fromstring(f"<score-partwise>{part}</score-partwise>"))["P1"]


def instrument(key: str, name: str, sound: str = "") -> str:
    sounding = f"<instrument-sound>{sound}</instrument-sound>" if sound else ""
    return (
        f'<score-instrument id="{key}"><instrument-name>{name}</instrument-name>{sounding}</score-instrument>'
    )


def midi(key: str, program: int | None = None, channel: int | None = None, drum: int | None = None) -> str:
    numbers = {"midi-channel": channel, "midi-program": program, "midi-unpitched": drum}
    said = "".join(f"<{tag}>{number}</{tag}>" for tag, number in numbers.items() if number is not None)
    return f'<midi-instrument id="{key}">{said}</midi-instrument>'


@pytest.mark.parametrize(
    ("text", "name"),
    [("<part-name>My\n Flute</part-name>" + instrument("I", "Flute"), "My Flute"),
     ("<part-name/>" + instrument("I", "Flute"), "Flute"),
     ('<part-name print-object="no">Solo</part-name>', "Solo"),
     ("", "")],
)  # fmt: skip
def test_a_part_has_a_name_or_that_of_its_instrument(text: str, name: str) -> None:
    assert listed(text).name == name


@pytest.mark.parametrize(
    ("text", "program"),
    [("<part-name>Solo</part-name>" + instrument("I", "Flute") + midi("I", 41), 40),
     ("<part-name>Solo</part-name>" + instrument("I", "Flute") + midi("I", channel=1), 73),
     ("<part-name>Solo</part-name>" + instrument("I", "Solo", "strings.violin"), 40),
     ("<part-name>Flute</part-name>" + instrument("I", "Solo"), 73),
     ("<part-name>Flute</part-name>", 73),
     ("<part-name>Solo</part-name>", 0),
     ("<part-name>Solo</part-name>" + midi("I", 129), 0),
     (instrument("I", "A") + instrument("J", "B") + midi("I", 41) + midi("J", 42), 40)],
)  # fmt: skip
def test_the_program_is_said_or_known_by_name(text: str, program: int) -> None:
    assert listed(text).program == program


@pytest.mark.parametrize(
    ("text", "is_drums"),
    [(instrument("I", "Kit") + midi("I", 1, channel=10), True),
     (instrument("I", "Kit") + midi("I", 1, channel=9), False),
     ("<part-name>Viola</part-name>" + instrument("I", "Viola") + midi("I", 42, channel=10), False),
     ("", False)],
)  # fmt: skip
def test_channel_10_is_drums_unless_its_instrument_has_pitches(text: str, is_drums: bool) -> None:
    assert listed(text).is_drums == is_drums


def test_the_program_is_that_of_a_pitched_instrument() -> None:
    assert listed(instrument("I", "Kit") + midi("I", 5, channel=10) + instrument("J", "Flute")).program == 73


@pytest.mark.parametrize(
    ("text", "drum"),
    [(instrument("I", "Bell") + midi("I", drum=57), 56), (instrument("I", "Triangle"), 81),
     ("<part-name>Snare Drum</part-name>", 38), (instrument("I", "Bell"), None),
     (instrument("I", "Bell") + midi("I", drum=57) + instrument("J", "Ride"), None)],
)  # fmt: skip
def test_a_part_with_one_instrument_has_one_drum(text: str, drum: int | None) -> None:
    assert listed(text).only_drum == drum


def test_damaged_numbers_are_passed_over() -> None:
    damaged = '<midi-instrument id="I"><midi-program>x</midi-program><midi-channel/></midi-instrument>'
    assert (listed(damaged).program, listed(damaged).is_drums) == (0, False)


def test_without_a_part_list_there_is_none() -> None:
    assert read_part_list(ET.Element("score-partwise")) == {}
