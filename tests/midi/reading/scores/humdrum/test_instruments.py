from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.humdrum.instruments import (
    InstrumentSigns,
    name_part,
    sounding_pitch,
    take_sign,
)
from musicvae.midi.songs.song import Part


def part_of(*tokens: str) -> Part:
    signs = InstrumentSigns()
    for token in tokens:
        signs = take_sign(signs, token)
    return name_part(signs)


@pytest.mark.parametrize(
    ("token", "part"),
    [
        ("*Ipiano", Part("pianoforte", 0)),
        ("*Icbass", Part("contrabass", 43)),
        ("*Ivioln", Part("violin", 40)),
        ("*Iviolin", Part("violin", 40)),
        ("*IsaxA", Part("alto saxophone", 65)),
        ("*Isoprn", Part("soprano", 53)),
    ],
)
def test_a_code_says_program_and_name(token: str, part: Part) -> None:
    assert part_of(token) == part


def test_the_printed_name_counts_more_than_that_of_the_code() -> None:
    assert part_of("*ICstr", "*Icello", '*I"Violoncello solo', "*I'Vc.") == Part("Violoncello solo", 42)


def test_a_name_in_short_counts_where_there_is_nothing_else() -> None:
    assert part_of("*I'Vc.") == Part("Vc.")
    assert part_of("*I'Vc.", "*Icello") == Part("violoncello", 42)


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("Violin I", 40),
        ("VIOLONCELLO.", 42),
        ("Double Bass", 43),
        ("Bassoon 2", 70),
        ("Var. 1", 0),
        ("[Piano]", 0),
    ],
)
def test_a_name_that_is_an_instruments_says_the_program(name: str, program: int) -> None:
    assert part_of(f'*I"{name}').program == program


def test_brackets_line_breaks_and_entities_are_no_part_of_a_name() -> None:
    assert part_of('*I"[Fl&ucirc;te\\nI]').name == "Flûte I"


def test_a_metronome_mark_in_the_place_of_a_name_is_none() -> None:
    assert part_of('*I"[half] = 69').name == ""


def test_classes_groups_numbers_and_transpositions_name_nothing() -> None:
    assert part_of("*ICvox", "*IGsolo", "*I#2", "*ITrd1c2") == Part("")


def test_drums_are_keys_of_the_drum_kit() -> None:
    assert part_of("*Isdrum") == Part("snare drum", is_drums=True)
    assert [sounding_pitch(60, code) for code in ("sdrum", "timpa", "")] == [38, 60, 60]


def test_a_kit_is_read_by_the_lines_of_its_staff() -> None:
    assert part_of("*Idrum") == Part("drums", is_drums=True)
    assert [sounding_pitch(pitch, "drum") for pitch in (65, 72, 79)] == [36, 38, 42]
