from __future__ import annotations

import json

import numpy as np
import pytest

from musicvae.midi.form.back_off import FEWEST, WEIGHT, BackOffTable, Seen, count_choices, json_to_table

ANY = np.ones(2, bool)


def table() -> BackOffTable:
    """Return a table of two choices: 0 always came in context 7, 1 in context 8."""
    return count_choices(2, 2, [Seen(((), (7,)), 0)] * 30 + [Seen(((), (8,)), 1)] * 10)


def test_what_was_never_seen_has_equal_chances() -> None:
    assert count_choices(4, 1, []).chances([()], np.ones(4, bool)).tolist() == [0.25] * 4


def test_the_chances_in_an_unknown_context_are_those_of_the_wider_one() -> None:
    wider = (30 + WEIGHT / 2) / (40 + WEIGHT)
    assert table().chances([(), (9,)], ANY) == pytest.approx([wider, 1 - wider])


def test_a_known_context_moves_the_chances_as_much_as_was_seen_of_it() -> None:
    wider = (30 + WEIGHT / 2) / (40 + WEIGHT)
    closer = WEIGHT * wider / (10 + WEIGHT)
    assert table().chances([(), (8,)], ANY) == pytest.approx([closer, 1 - closer])


def test_the_chances_of_what_is_not_allowed_go_to_the_others() -> None:
    assert table().chances([(), (7,)], np.array([False, True])).tolist() == [0, 1]


def test_a_context_seen_seldom_is_forgotten() -> None:
    seen = [Seen(((), (7,)), 0)] * FEWEST + [Seen(((), (8,)), 1)] * (FEWEST - 1)
    assert count_choices(2, 2, seen).levels[1] == {(7,): {0: FEWEST}}


def test_a_table_goes_through_json() -> None:
    text = json.dumps(table().to_json())
    assert text == '[{"": [0, 30, 1, 10]}, {"7": [0, 30], "8": [1, 10]}]'
    assert json_to_table(2, 2, json.loads(text)) == table()


@pytest.mark.parametrize(
    "rows",
    [
        [{}],  # a level is missing
        [{}, {"7": [0]}],  # a count is missing
        [{}, {"7": [2, 5]}],  # there is no choice 2
        [{}, {"7": [0, 0]}],
        [{}, {"seven": [0, 5]}],
    ],
)
def test_what_is_no_table_is_refused(rows: list[dict[str, list[int]]]) -> None:
    with pytest.raises(ValueError, match=r"levels|shorter|count|invalid literal"):
        json_to_table(2, 2, rows)
