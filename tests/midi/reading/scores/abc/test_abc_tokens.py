from __future__ import annotations

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_tokens import (
    TOKEN,
    AbcNote,
    natural_pitch,
    read_length,
    read_members,
    read_number,
)


def kinds_of(line: str) -> list[str]:
    """Return the signs of a line as "kind sign", without those that say nothing."""
    return [f"{sign.lastgroup} {sign[0].strip()}" for sign in TOKEN.finditer(line) if sign.lastgroup]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("^c'3/2-_B,,/", ["note ^c'3/2", "tie -", "note _B,,/"]),
        ("z2x/Z4", ["rest z2", "rest x/", "whole Z4"]),
        ("(3:2:2(ab)", ["tuplet (3:2:2", "note a", "note b"]),
        ("((3abc)", ["tuplet (3", "note a", "note b", "note c"]),
        ("[CEG]2[V:2][M:3/4]", ["chord [CEG]2", "field [V:2]", "field [M:3/4]"]),
        ('["Am"!f!C]["Coda"|', ['chord ["Am"!f!C]', "bar |"]),
        ("|[1a|2[3,4b:|]", ["bar |", "volta [1", "note a", "bar |2", "volta [3,4", "note b", "bar :|]"]),
        ("a.|b[|c|]:", ["note a", "bar .|", "note b", "bar [|", "note c", "bar |]:"]),
        ("{/ab}c", ["grace {/ab}", "note c"]),
        ("!trill!Ta+f+b.c", ["mark !trill!", "mark T", "note a", "mark +f+", "note b", "mark .", "note c"]),
        ('a>>b"^text"c', ["note a", "broken >>", "note b", 'text "^text"', "note c"]),
        ("a&b", ["note a", "overlay &", "note b"]),
        ("(&a&b&)", ["overlays (&", "note a", "overlay &", "note b", "caught_up &)"]),
        ("a !\nb y3 `$\\*(,c) Hx|", ["note a", "note b", "note c", "bar |"]),
        ("a {b", ["note a", "other {", "note b"]),
        ('a "b', ["note a", 'other "', "note b"]),
        ("[ab", ["other [", "note a", "note b"]),
    ],
)
def test_signs_are_told_apart(line: str, kinds: list[str]) -> None:
    assert kinds_of(line) == kinds


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", (1, 1)),
        ("3", (3, 1)),
        ("3/2", (3, 2)),
        ("/", (1, 2)),
        ("//", (1, 4)),
        ("/4", (1, 4)),
        ("5/0", (5, 2)),
    ],
)
def test_lengths_are_fractions_of_the_unit(text: str, length: tuple[int, int]) -> None:
    assert read_length(text) == length


@pytest.mark.parametrize("text", ["100001", "9" * 5000, "999999999/2"])
def test_a_length_that_nothing_has_is_refused(text: str) -> None:
    with pytest.raises(SongError, match="far too long"):
        read_length(text)


def test_the_notes_of_a_chord_have_lengths_and_ties_of_their_own() -> None:
    assert read_members('"Am"^C2-z!p!g/') == [
        AbcNote(0, 1, 2, 1, is_tied=True),
        AbcNote(None, None, 1, 1),
        AbcNote(11, None, 1, 2),
    ]


def test_steps_are_those_of_the_scale_of_c() -> None:
    assert [natural_pitch(step) for step in (-7, -1, 0, 2, 7, 13)] == [48, 59, 60, 64, 72, 83]


def test_octaves_beyond_those_of_midi_stay_small() -> None:
    [note] = read_members("C" + "," * 5000)
    assert note.step == -70


def test_a_number_of_any_length_is_read_at_once() -> None:
    assert [read_number(digits) for digits in ("7", "", "1" * 100_000)] == [7, 0, 111_111_111]
