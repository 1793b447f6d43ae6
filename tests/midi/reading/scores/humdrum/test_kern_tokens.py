from __future__ import annotations

from fractions import Fraction

import pytest

from musicvae.midi.reading.scores.humdrum.kern_tokens import UNREADABLE, UNSIZED, KernToken, TokenReader
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT


def read(token: str) -> KernToken:
    return TokenReader(token).read(token)


def beats_of(token: str) -> Fraction:
    """Return how far a token lets its path go on, in quarter notes."""
    reader = TokenReader(token)
    return Fraction(4 * reader.read(token).length, reader.whole)


@pytest.mark.parametrize(
    ("token", "pitch"),
    [
        *[("4c", 60), ("4cc", 72), ("4ccc", 84), ("4B", 59), ("4C", 48), ("4CC", 36), ("4BBB", 35)],
        *[("4f#", 66), ("4e-", 63), ("4f##", 67), ("4bb--", 81), ("4cn", 60), ("8cc#XL", 73)],
        ("(>16.AA-X/LL", 44),
        *[("16ff>#", 78), ("12f^>-X", 64), ("4f)#", 66)],
        *[("16edee", 100), ("48FG##X", 43), ("8bbnb", 95)],
    ],
)
def test_letters_signs_and_octaves_are_a_pitch(token: str, pitch: int) -> None:
    assert [note.pitch for note in read(token).notes] == [pitch]


@pytest.mark.parametrize(
    ("token", "beats"),
    [
        *[("4c", 1), ("1c", 4), ("0c", 8), ("00c", 16), ("8c", Fraction(1, 2)), ("4.c", Fraction(3, 2))],
        *[("4..c", Fraction(7, 4)), ("6c", Fraction(2, 3)), ("12c", Fraction(1, 3)), ("2r", 2), ("4ryy", 1)],
        *[("3%2c", Fraction(8, 3)), ("104%3E#", Fraction(3, 26)), ("3%2.c", 4), ("0.r", 12)],
        *[("4C.", Fraction(3, 2)), ("4.C 4.CC]", Fraction(3, 2))],
    ],
)
def test_numbers_and_dots_are_an_exact_length(token: str, beats: Fraction) -> None:
    assert beats_of(token) == beats


@pytest.mark.parametrize("token", ["8qcc", "qcc", "16qqd", "4Qd", "qq8ee/LL"])
def test_grace_notes_last_nothing(token: str) -> None:
    said = read(token)
    assert [note.length for note in said.notes] == [0]
    assert (said.length, said.fault) == (0, "")


def test_a_chord_in_which_a_note_is_a_grace_note_is_one() -> None:
    said = read("8qAn< 8qdn 8f#")
    assert [note.length for note in said.notes] == [0, 0, 0]
    assert said.length == 0


def test_notes_of_a_chord_keep_their_own_lengths_and_the_first_says_when_it_goes_on() -> None:
    reader = TokenReader("2CC 12CCC")
    said = reader.read("2CC 12CCC")
    assert [(note.pitch, Fraction(note.length, reader.whole)) for note in said.notes] == [
        (36, Fraction(1, 2)),
        (24, Fraction(1, 12)),
    ]
    assert said.length == reader.whole // 2


def test_a_note_of_a_chord_without_a_length_has_that_of_the_one_before() -> None:
    reader = TokenReader("8c e g")
    assert [note.length * 8 for note in reader.read("8c e g").notes] == [reader.whole] * 3


@pytest.mark.parametrize("token", ["4r", "4ryy", "2rcyy", "8.GGr", "4raaaayy"])
def test_rests_have_no_notes_wherever_they_are_printed(token: str) -> None:
    assert read(token).notes == ()


def test_hidden_notes_are_notes() -> None:
    assert [note.pitch for note in read("4dyy").notes] == [62]


@pytest.mark.parametrize(
    ("token", "tie"), [("[4c", "["), ("4c_", "_"), ("4c]", "]"), ("[>4cN]", "_"), ("4c", "")]
)
def test_ties_are_told(token: str, tie: str) -> None:
    assert [note.tie for note in read(token).notes] == [tie]


def test_a_note_without_a_length_is_a_quarter_and_said() -> None:
    assert beats_of("c") == 1
    assert read("c").fault == UNSIZED


@pytest.mark.parametrize("token", ["4096000c", "1%99999999c", "4.....c", "1%100c"])
def test_a_length_that_cannot_be_is_none(token: str) -> None:
    assert read(token).fault == UNSIZED


@pytest.mark.parametrize("token", ["xyz", "?", "hm"])
def test_what_is_neither_note_nor_rest_is_said(token: str) -> None:
    assert read(token) == KernToken((), 0, UNREADABLE)


def test_units_divide_every_length_of_the_file() -> None:
    reader = TokenReader("**kern\n12c\n20c\n3%2c\n8..c\n")
    assert all(reader.whole % parts == 0 for parts in (12, 20, 3, 32))


def test_ticks_are_rounded_to_the_nearest() -> None:
    reader = TokenReader("4c\t104%3c")
    assert reader.ticks(reader.whole) == 4 * TICKS_PER_BEAT
    assert reader.ticks(reader.read("104%3c").length) == round(TICKS_PER_BEAT * 3 / 26)
