from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.abc.abc_lines import MUSIC, AbcLine, is_music, read_lines, split_tunes


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


def test_fields_before_the_first_tune_hold_for_all() -> None:
    assert split_tunes("%comment\nL:1/4\nX:1\nK:C\nC|\nX:2\nK:C\nD|\n") == [
        "X:1\nL:1/4\nK:C\nC|\n",
        "X:2\nL:1/4\nK:C\nD|\n",
    ]


def test_the_title_of_a_book_is_that_of_no_tune() -> None:
    assert split_tunes("T:A Book\nL:1/4\n\nX:1\nT:A Tune\nK:C\nC|\n") == ["X:1\nL:1/4\nT:A Tune\nK:C\nC|\n"]


def test_a_text_without_a_number_is_one_tune() -> None:
    assert split_tunes("K:C\nC|\n") == ["X:1\nK:C\nC|\n"]


def test_free_text_is_of_no_tune() -> None:
    text = "A book of tunes.\n\nX:1\nK:G\nGABc|\n\nIt fades away.\nA second line.\n\nX:2\nK:D\nDFA|\n"
    assert split_tunes(text) == ["X:1\nK:G\nGABc|\n", "X:2\nK:D\nDFA|\n"]


def test_music_and_fields_after_a_blank_line_are_of_the_tune() -> None:
    music = "X:1\nM:4/4\n\nK:G\nGABc|\n\nV:2\nG4|\n\nd2 B2\n"
    assert split_tunes(music) == [music.replace("\n\n", "\n")]


def test_a_number_within_a_block_of_text_begins_no_tune() -> None:
    text = "X:1\nK:C\nC|\n%%begintext\nX:2\nand so on\n%%endtext\nD|\n"
    assert split_tunes(text) == ["X:1\nK:C\nC|\nD|\n"]


def test_a_file_of_nothing_is_one_tune_of_nothing() -> None:
    assert len(split_tunes("")) == 1


@pytest.mark.parametrize("line", ["CDEF|", "A2 (3BcB z", "|: fine :|", '"A"[CE]>D', "d-d"])
def test_music_has_barlines_or_nothing_but_its_signs(line: str) -> None:
    assert is_music(line)


@pytest.mark.parametrize("line", ["by a friend", "1/4=120", "0 0 3 2 1 -332", "A tune!"])
def test_words_and_numbers_are_no_music(line: str) -> None:
    assert not is_music(line)


def test_music_before_the_first_tune_goes_into_its_head() -> None:
    text = "A book of tunes.\n\nCDEF|\n\nX:1\nK:C\nC|\nX:2\nK:D\nD|\n"
    assert split_tunes(text) == ["X:1\nCDEF|\nK:C\nC|\n", "X:2\nK:D\nD|\n"]
