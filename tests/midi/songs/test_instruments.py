from __future__ import annotations

import pytest

from musicvae.midi.songs.instruments import (
    DRUM_KEYS,
    FAMILIES,
    INSTRUMENTS,
    drum_name,
    instrument_name,
    label_parts,
)
from musicvae.midi.songs.song import Part


def test_every_program_has_an_instrument_of_its_own_and_every_family_eight() -> None:
    assert len(set(INSTRUMENTS)) == 128
    assert {len(names.split(", ")) for names in FAMILIES.values()} == {8}


@pytest.mark.parametrize(
    ("program", "name"),
    [(0, "grand piano"), (40, "violin"), (56, "trumpet"), (68, "oboe"), (73, "flute"), (127, "gunshot")],
)
def test_programs_are_those_of_general_midi(program: int, name: str) -> None:
    assert instrument_name(Part("", program)) == name


def test_drums_are_drums_whatever_their_program() -> None:
    assert instrument_name(Part("kit", 8, is_drums=True)) == "drums"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (27, "high Q"),
        (36, "kick"),
        (38, "snare"),
        (42, "hi-hat"),
        (49, "crash"),
        (81, "triangle"),
        (87, "surdo"),
    ],
)
def test_drum_keys_are_those_of_general_midi(key: int, name: str) -> None:
    assert drum_name(key) == name


def test_every_drum_has_a_name_of_its_own_and_other_keys_their_numbers() -> None:
    assert len(set(DRUM_KEYS.values())) == len(DRUM_KEYS) == 87 - 27 + 1
    assert drum_name(5) == "5"


def test_names_that_tell_parts_apart_are_labels_enough() -> None:
    assert label_parts([Part("Solo", 40), Part("left hand"), Part("", 42)]) == ("Solo", "left hand", "cello")


def test_parts_of_one_name_are_told_apart_by_their_instruments() -> None:
    parts = [Part("Song", 40), Part("Song", 42), Part("Song", is_drums=True)]
    assert label_parts(parts) == ("Song (violin)", "Song (cello)", "Song (drums)")


def test_parts_of_one_name_and_instrument_are_numbered() -> None:
    parts = [Part("Song", 40), Part("Song", 42), Part("Song", 42), Part(""), Part("")]
    labels = ("Song (violin)", "Song (cello) 1", "Song (cello) 2", "grand piano 1", "grand piano 2")
    assert label_parts(parts) == labels


def test_an_instrument_is_not_said_twice() -> None:
    assert label_parts([Part("Violin", 40), Part("Violin", 40)]) == ("Violin 1", "Violin 2")
