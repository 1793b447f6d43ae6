from __future__ import annotations

from fractions import Fraction

import pytest

from musicvae.midi.reading.scores.abc.abc_fields import (
    MidiWords,
    StaffWords,
    parse_meter,
    parse_midi_words,
    parse_staff,
    parse_tempo,
    parse_unit,
    usual_unit,
)
from musicvae.midi.songs.song import Meter

EIGHTH = Fraction(1, 8)


@pytest.mark.parametrize(
    ("text", "meter"),
    [
        *[("C", "4/4"), ("C|", "2/2"), ("6/8", "6/8"), ("3 / 4", "3/4"), ("12/8", "12/8")],
        *[("2+3/8", "5/8"), ("(2+3)/8", "5/8"), ("2/4+3/8", "7/8"), ("(3+2+2)/16 fast", "7/16")],
    ],
)
def test_meters_are_read(text: str, meter: str) -> None:
    assert parse_meter(text) == Meter.parse(meter)


@pytest.mark.parametrize(
    "text", ["", "none", "4/3", "4/0", "0/4", "999999/4", "4/128", "3", "x/4", "4/" + 5000 * "4"]
)
def test_what_is_no_meter_is_none(text: str) -> None:
    assert parse_meter(text) is None


@pytest.mark.parametrize(("text", "unit"), [("1/8", EIGHTH), ("1 / 4", Fraction(1, 4)), ("1", Fraction(1))])
def test_units_are_read(text: str, unit: Fraction) -> None:
    assert parse_unit(text) == unit


@pytest.mark.parametrize("text", ["", "auto", "1/", "/8", "1/99999", "1/0", "99999/1", "1/8/8"])
def test_what_is_no_unit_is_none(text: str) -> None:
    assert parse_unit(text) is None


@pytest.mark.parametrize(
    ("meter", "unit"), [("2/4", 16), ("5/8", 16), ("3/4", 8), ("6/8", 8), ("4/4", 8), (None, 8)]
)
def test_short_meters_count_in_sixteenths(meter: str | None, unit: int) -> None:
    assert usual_unit(Meter.parse(meter) if meter else None) == Fraction(1, unit)


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        *[("1/4=120", 120), ("3/8=60", 90), ("1/2 = 60.5", 121), ('"Allegro" 1/4=120', 120)],
        *[("1/4=120 (fast)", 120), ("1/4 3/8 1/4=40", 140), ("1/4=ca. 66", 66), ('1/4=50 "slow"', 50)],
        *[("C=120", 60), ("C3=40", 60), ("120", 120), ('"Lento" 60', 60)],
    ],
)
def test_tempi_are_quarter_notes_per_minute(text: str, bpm: float) -> None:
    assert parse_tempo(text, EIGHTH) == bpm


@pytest.mark.parametrize(
    "text", ["", "Allegro", '"Allegro 120"', "1/4=", "1/4=3/8", "1/4=0", "1/0=0", "1/4=" + 400 * "9"]
)
def test_words_alone_are_no_tempo(text: str) -> None:
    assert parse_tempo(text, EIGHTH) is None


@pytest.mark.parametrize(
    ("text", "words", "rest"),
    [
        ("", StaffWords(), ""),
        ("D mix", StaffWords(), "D mix"),
        ("C clef=treble-8", StaffWords(clef=-12), "C"),
        ("C treble+8", StaffWords(clef=12), "C"),
        ("clef=bass", StaffWords(clef=0), ""),
        ("clef=bass_8", StaffWords(clef=0), ""),
        ('clef="alto-15"', StaffWords(clef=-24), ""),
        ("Am octave=-1", StaffWords(octave=-12), "Am"),
        ("transpose=-2 middle=d", StaffWords(transpose=-2), ""),
        ("t=3", StaffWords(transpose=3), ""),
        ("D =c", StaffWords(), "D =c"),
        ("clef=perc", StaffWords(clef=0, is_drums=True), ""),
        ("perc", StaffWords(clef=0, is_drums=True), ""),
        (r'name="Tenor\nI" snm="T"', StaffWords(name="Tenor I"), ""),
        ('nm="Basso  continuo" clef=bass', StaffWords(name="Basso continuo", clef=0), ""),
        ("name=Viola", StaffWords(name="Viola"), ""),
        ("octave=999", StaffWords(), ""),
    ],
)
def test_words_about_a_staff_are_told_from_the_others(text: str, words: StaffWords, rest: str) -> None:
    found, left = parse_staff(text)
    assert (found, left.strip()) == (words, rest)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("MIDI program 40", MidiWords(program=40)),
        ("MIDI program 2 40", MidiWords(program=40, of_channel=2)),
        ("MIDI program 128", MidiWords()),
        ("MIDI channel 10", MidiWords(channel=10)),
        ("MIDI transpose -12", MidiWords(transpose=-12)),
        ("MIDI drummap ^c, 38", MidiWords(drum=(61, 38))),
        ("MIDI drummap C 200", MidiWords()),
        ("MIDI chordprog 20", MidiWords()),
        ("MIDI beat 127 125 110 1", MidiWords()),
    ],
)
def test_directives_for_midi_are_read(text: str, words: MidiWords) -> None:
    assert parse_midi_words(text) == words
