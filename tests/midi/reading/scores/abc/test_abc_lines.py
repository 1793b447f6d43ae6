from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.abc.abc_lines import MUSIC, AbcLine, read_lines


def lines_of(text: str) -> list[tuple[str, str]]:
    return [(line.field, line.text) for line in read_lines(text)]


def test_fields_are_told_from_music() -> None:
    assert lines_of("X:1\nT: A title\nK:C\nCDE|\nw:one two\n") == [
        ("X", "1"),
        ("T", "A title"),
        ("K", "C"),
        (MUSIC, "CDE|"),
        ("w", "one two"),
    ]


@pytest.mark.parametrize("line", ["A:|", "d:|2 c", "G::", "B:]"])
def test_a_note_before_a_repeat_sign_is_no_field(line: str) -> None:
    assert lines_of(line) == [(MUSIC, line)]


def test_a_line_of_lyrics_may_begin_with_a_barline() -> None:
    assert lines_of("w:| one") == [("w", "| one")]


@pytest.mark.parametrize("line", ["", "   ", "% a comment", "%%scale 0.7", "%%%%%%%%"])
def test_what_says_nothing_is_left_out(line: str) -> None:
    assert lines_of(line) == []


def test_a_comment_ends_a_line() -> None:
    assert lines_of("CDE| % three notes\nT:5\\% of it % or so") == [(MUSIC, "CDE|"), ("T", "5\\% of it")]


def test_midi_directives_are_fields() -> None:
    assert lines_of("%%MIDI program 40 % violin") == [("I", "MIDI program 40")]


def test_a_field_goes_on_after_a_plus() -> None:
    assert lines_of("w:one two\n+: three\n") == [("w", "one two three")]


def test_a_field_goes_on_after_a_backslash_in_the_next_of_its_kind() -> None:
    assert lines_of("w:one two\\\nw:three\nw:a verse\n") == [("w", "one two three"), ("w", "a verse")]


def test_a_line_of_music_says_that_the_next_goes_on_with_it() -> None:
    assert list(read_lines("CD\\\nEF|\n")) == [AbcLine(MUSIC, "CD", goes_on=True), AbcLine(MUSIC, "EF|")]


def test_blocks_of_text_are_left_out() -> None:
    assert lines_of("C|\n%%begintext\nDEF|\n%%endtext\nG|\n") == [(MUSIC, "C|"), (MUSIC, "G|")]


def test_a_block_without_an_end_goes_to_the_next_tune() -> None:
    assert lines_of("C|\n%%begintext\nDEF|\nX:2\nG|\n") == [(MUSIC, "C|"), ("X", "2"), (MUSIC, "G|")]


def test_the_damage_of_mail_programs_is_mended() -> None:
    assert lines_of("d=3DB |=20\nc2|=\n") == [(MUSIC, "d=B |"), (MUSIC, "c2|")]
