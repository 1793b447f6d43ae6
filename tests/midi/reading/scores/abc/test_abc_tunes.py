from __future__ import annotations

from musicvae.midi.reading.scores.abc.abc_tunes import split_tunes


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
