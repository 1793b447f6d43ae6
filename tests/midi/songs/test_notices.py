from __future__ import annotations

import pytest

from musicvae.midi.songs.notices import (
    MOST_NAMED,
    Notice,
    count_notices,
    name_some,
    sum_notices,
    tell_damage,
)

MANY = tuple(map(str, range(MOST_NAMED + 5)))


@pytest.mark.parametrize(
    ("notice", "sentence"),
    [
        (Notice("type 2 was read"), "type 2 was read"),
        (Notice("notes left out", 3), "notes left out: 3"),
        (Notice("tracks left out", 2, ("kit", "bass")), "tracks left out: 2 (kit, bass)"),
        (Notice("salvaged", None, ("it is cut off",)), "salvaged: it is cut off"),
        (Notice("left out", 13, name_some(MANY)), "left out: 13 (0, 1, 2, 3, 4, 5, 6, 7, and others)"),
    ],
)
def test_a_notice_is_a_sentence_for_people(notice: Notice, sentence: str) -> None:
    assert str(notice) == f"{notice}" == sentence


def test_what_did_not_come_is_not_told() -> None:
    assert count_notices({"a": 2, "b": 0, "c": 1}) == (Notice("a", 2), Notice("c", 1))
    assert tell_damage("") == ()


def test_of_many_examples_a_few_are_kept_each_once() -> None:
    assert name_some(("b", "", "a", "b")) == ("b", "a")
    assert name_some(MANY) == MANY[: MOST_NAMED + 1]


def test_notices_of_a_kind_are_summed_and_keep_the_order_in_which_they_came() -> None:
    notices = [Notice("b", 1, ("x", "y")), Notice("a"), Notice("b", 2, ("y", "z")), Notice("a"), Notice("b")]
    assert sum_notices(notices) == (Notice("b", 3, ("x", "y", "z")), Notice("a"))
