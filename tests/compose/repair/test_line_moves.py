"""A line in 2/4: a measure, and the one after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicvae.compose.repair.line_moves import NEAR, find_line_moves
from musicvae.compose.repair.passage import Scope, settle, trace
from musicvae.midi.songs.notes import make_notes

Row = tuple[int, int, int]  # start, length, pitch
CLEAN: list[Row] = [(0, 2, 60), (2, 2, 62), (4, 2, 64), (6, 2, 65), (8, 8, 67)]


def moves(*rows: Row, first: int = 0) -> set[tuple[Row, ...]]:
    scope = Scope(np.array([first, 8, 16]), (0, 16), (0,), np.arange(len(rows)))
    notes = trace(make_notes((*row, 80, 0) for row in rows))
    found: set[tuple[Row, ...]] = set()
    for moved in find_line_moves(notes, 0, scope):
        settled = settle(moved, (0,))
        if settled is not None:
            found.add(tuple(settled[["start", "length", "pitch"]].tolist()))
    return found


def given(late: Sequence[Row], *, without: Sequence[int]) -> list[Row]:
    return sorted([*(row for n, row in enumerate(CLEAN) if n not in without), *late])


def test_a_note_that_came_late_is_put_back_before_the_note_that_it_cut() -> None:
    # The second note fell into the third one: that was cut, and the hole lies before it.
    assert tuple(CLEAN) in moves(*given([(4, 1, 64), (5, 1, 62)], without=[1, 2]))


def test_a_note_that_came_early_gives_back_what_it_took() -> None:
    assert tuple(CLEAN) in moves(*given([(2, 1, 62), (3, 2, 64)], without=[1, 2]))


def test_a_note_that_came_late_into_the_next_is_whole_again() -> None:
    assert tuple(CLEAN) in moves(*given([(3, 1, 62)], without=[1]))


def test_a_note_of_the_measure_after_is_put_back_across_the_barline() -> None:
    assert tuple(CLEAN) in moves(*given([(8, 1, 67), (9, 7, 65)], without=[3, 4]))


def test_what_was_said_before_the_measure_stays_where_it_is() -> None:
    late = given([(4, 1, 64), (5, 1, 62)], without=[1, 2])
    assert all(CLEAN[0] in found for found in moves(*late, first=2))


def test_in_a_line_without_a_hole_nothing_is_moved() -> None:
    assert moves(*CLEAN) == set()


def test_no_note_goes_far() -> None:
    lone = (5, 1, 60)
    starts = {found[0][0] for found in moves(lone)}
    assert starts == {5 + by for by in range(-NEAR, NEAR + 1) if by}
