from __future__ import annotations

import re

import pytest

from musicvae.midi.reading.scores.humdrum.spines import SpineReader


def tabbed(text: str) -> str:
    """Return the text with tabs for two spaces and more."""
    return re.sub(" {2,}", "\t", text)


def follow(text: str) -> tuple[list[list[int]], SpineReader]:
    """Return for each line of data the numbers of the spines to which its tokens belong, and the reader."""
    reader = SpineReader(tabbed(text))
    lines = [
        [reader.spines.index(path.spine) for path, _ in line.cells]
        for line in reader.read()
        if line.sign == ""
    ]
    return lines, reader


def test_a_spine_that_splits_has_several_paths() -> None:
    lines, _ = follow("**kern  **kern\n4c  4e\n*  *^\n4c  4e  4g\n*  *v  *v\n4c  4e\n*-  *-\n")
    assert lines == [[0, 1], [0, 1, 1], [0, 1]]


def test_a_split_may_be_into_more_than_two() -> None:
    lines, _ = follow("**kern\n*^3\n4c  4e  4g\n*v  *v  *v\n4c\n*-\n")
    assert lines == [[0, 0, 0], [0]]


def test_adjacent_joins_are_one_whatever_staves_they_come_from() -> None:
    lines, reader = follow("**kern  **kern\n*^  *^\n4c  4d  4e  4f\n*v  *v  *v  *v\n4c\n*-\n")
    assert lines == [[0, 0, 1, 1], [0]]
    assert reader.damage == ""


def test_joins_in_each_spine_are_meant_where_the_next_line_says_so() -> None:
    lines, reader = follow("**kern  **kern\n*^  *^\n4c  4d  4e  4f\n*v  *v  *v  *v\n4c  4e\n*-  *-\n")
    assert lines == [[0, 0, 1, 1], [0, 1]]
    assert reader.damage == ""


def test_spines_change_places() -> None:
    lines, _ = follow("**kern  **kern  **text\n*x  *x  *\n4c  4e  a\n*-  *-  *-\n")
    assert lines == [[1, 0, 2]]


def test_a_new_spine_stands_right_of_the_one_that_adds_it() -> None:
    lines, reader = follow("**kern  **text\n*+  *\n*  **kern  *\n4c  4e  a\n*-  *-  *-\n")
    assert lines == [[0, 2, 1]]
    assert [spine.kind for spine in reader.spines] == ["**kern", "**text", "**kern"]


def test_a_spine_may_end_before_others() -> None:
    lines, reader = follow("**kern  **kern\n4c  4e\n*-  *\n4e\n*-\n")
    assert lines == [[0, 1], [1]]
    assert reader.damage == ""


def test_a_spine_that_becomes_another_kind_is_another_spine() -> None:
    lines, reader = follow("**kern\n4c\n**text\na\n*-\n")
    assert lines == [[0], [1]]


def test_paths_begin_where_the_one_they_split_from_ended_and_join_at_the_latest() -> None:
    reader = SpineReader("**kern\n4c\n*^\n4c\t4e\n*v\t*v\n4c\n*-\n")
    ends = iter([[5], [7, 9], [11]])
    before = []
    for line in reader.read():
        if line.sign == "":
            before.append([path.end for path, _ in line.cells])
            for (path, _), end in zip(line.cells, next(ends), strict=True):
                path.end = end
    assert before == [[0], [5, 5], [9]]
    assert reader.end == 11


def test_comments_empty_lines_and_what_stands_before_the_header_are_passed_over() -> None:
    lines, reader = follow("what is this\n!!!COM: X\n\n**kern\n! local\n!! global\n4c\n*-\n")
    assert lines == [[0]]
    assert reader.damage == ""


def test_several_tabs_part_columns_as_one_does() -> None:
    reader = SpineReader("**kern\t\t**kern\n4c\t\t4e\t\n*-\t*-\n")
    assert [[token for _, token in line.cells] for line in reader.read()] == [["4c", "4e"], ["*-", "*-"]]


def test_pieces_of_the_same_spines_go_on_in_them() -> None:
    lines, reader = follow("**kern  **kern\n4c  4e\n*-  *-\n**kern  **kern\n4d  4f\n*-  *-\n")
    assert lines == [[0, 1], [0, 1]]
    assert reader.pieces == 2


def test_a_piece_of_other_spines_has_its_own() -> None:
    lines, _ = follow("**kern\n4c\n*-\n**kern  **kern\n4d  4f\n*-  *-\n")
    assert lines == [[0], [1, 2]]


def test_one_line_that_does_not_fit_is_left_out() -> None:
    lines, reader = follow("**kern  **kern\n4c  4e\n4d\n4e  4g\n*-  *-\n")
    assert lines == [[0, 1], [0, 1]]
    assert reader.damage == "lines whose columns do not fit were left out: 1 (the first is line 3)"


def test_data_after_the_end_of_all_spines_is_left_out() -> None:
    lines, reader = follow("**kern\n4c\n*-\n4d\n4e\n")
    assert lines == [[0]]
    assert reader.damage == "lines whose columns do not fit were left out: 2 (the first is line 4)"


def test_reading_ends_where_the_columns_no_longer_fit() -> None:
    lines, reader = follow("**kern  **kern\n4c  4e\n4d  4e  4g\n=2  =2  =2\n4e  4f  4a\n*-  *-\n")
    assert lines == [[0, 1]]
    assert reader.damage == "from line 3 on its columns do not fit, so the music after it was left out"


def test_reading_ends_at_a_split_that_does_not_fit() -> None:
    lines, reader = follow("**kern  **kern\n4c  4e\n*^\n4d  4e  4g\n*-  *-\n")
    assert lines == [[0, 1]]
    assert reader.damage.startswith("from line 3 on")


@pytest.mark.parametrize("line", ["*M3/4", "=2", "=2  =2  =2"])
def test_interpretations_and_barlines_that_do_not_fit_cost_nothing(line: str) -> None:
    lines, reader = follow(f"**kern  **kern\n4c  4e\n{line}\n4d  4f\n*-  *-\n")
    assert lines == [[0, 1], [0, 1]]
    assert reader.damage == ""


def test_a_file_that_is_not_closed_may_have_been_cut_off() -> None:
    _, reader = follow("**kern\n4c\n")
    assert reader.damage == "it does not end in *-, so it may have been cut off"
