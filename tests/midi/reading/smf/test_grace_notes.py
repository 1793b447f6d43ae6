from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from musicvae.midi.reading.smf.grace_notes import (
    find_grace_ticks,
    gather_graces,
    say_grace_ticks,
    spread_graces,
)
from musicvae.midi.songs.source import SOURCE_NOTE

Row = tuple[int, int, int, int, int]  # start, end, pitch, velocity, track
MAIN = (480, 960, 64, 80, 0)


def spread(*rows: Row, ticks_per_beat: int = 480) -> list[tuple[int, int, int]]:
    notes = spread_graces(np.array([*rows], SOURCE_NOTE), ticks_per_beat).notes
    return [(pitch, start, end) for start, end, pitch, _, _ in notes.tolist()]


def again(rows: Sequence[Row]) -> list[Row]:
    notes, ticks = spread_graces(np.array([*rows], SOURCE_NOTE), 480)
    read = notes[np.argsort(notes["start"], kind="stable")]
    return [tuple(note) for note in gather_graces(read, ticks).tolist()]


def test_each_grace_note_ends_where_the_next_note_begins() -> None:
    graces = [(480, 480, pitch, 80, 0) for pitch in (67, 65)]
    assert spread(*graces, MAIN) == [(67, 362, 421), (65, 421, 480), (64, 480, 960)]


def test_without_time_before_or_a_note_after_it_begins_where_it_is_written() -> None:
    assert spread((0, 0, 67, 80, 0), (0, 480, 64, 80, 0))[0] == (67, 0, 59)
    assert spread((480, 480, 67, 80, 1), MAIN)[0] == (67, 480, 539)


def test_a_note_of_the_same_key_ends_where_its_grace_begins() -> None:
    graces = [(480, 480, pitch, 80, 0) for pitch in (67, 65)]
    assert spread((0, 480, 67, 80, 0), *graces, MAIN)[:2] == [(67, 0, 362), (67, 362, 421)]


@pytest.mark.parametrize(
    "sounding",
    [
        pytest.param((0, 600, 67, 80, 0), id="longer than the graces"),
        pytest.param((380, 480, 67, 80, 0), id="too short to be cut"),
    ],
)
def test_a_key_that_is_down_is_not_struck(sounding: Row) -> None:
    notes = spread(sounding, (480, 480, 62, 80, 0), (480, 480, 67, 80, 0), MAIN)
    assert notes == [(67, *sounding[:2]), (62, 421, 480), (64, 480, 960)]


def test_where_nothing_is_without_a_length_nothing_changes() -> None:
    notes = np.array([MAIN], SOURCE_NOTE)
    made = spread_graces(notes, 480)
    assert (made.notes.tolist(), made.grace_ticks) == (notes.tolist(), 0)


def test_no_other_note_is_as_long_as_a_grace_note() -> None:
    short = [(0, 59, 60, 80, 1), (960, 1018, 60, 80, 1)]
    assert spread(short[0], (480, 480, 67, 80, 0), MAIN, short[1])[1] == (67, 423, 480)
    assert spread((0, 1, 60, 80, 0), (3, 3, 67, 80, 0), (3, 9, 60, 80, 0), ticks_per_beat=4)[1] == (67, 1, 3)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([(480, 480, 67, 80, 0), (480, 480, 65, 80, 0), MAIN], id="two before a note"),
        pytest.param([(0, 0, 67, 80, 0), (0, 0, 65, 80, 0), (0, 480, 64, 80, 0)], id="at the beginning"),
        pytest.param([(480, 480, 67, 80, 1), MAIN], id="of another track"),
        pytest.param([(480, 480, 64, 70, 0), MAIN], id="of the same pitch"),
        pytest.param(
            [(0, 480, 67, 70, 0), *((480, 480, key, 80, 0) for key in (67, 65, 67)), MAIN], id="cut"
        ),
        pytest.param([(421, 430, 60, 70, 0), (480, 480, 62, 80, 0), MAIN], id="after a short note"),
    ],
)
def test_grace_notes_are_read_again_where_they_were(rows: list[Row]) -> None:
    assert again(rows) == rows


def test_only_a_file_that_says_so_has_grace_notes() -> None:
    assert find_grace_ticks(b"MThd" + say_grace_ticks(59, 480) + b"MTrk", 480) == 59
    assert find_grace_ticks(b"MThd grace notes", 480) == 0


def test_a_file_whose_ticks_were_counted_anew_has_none() -> None:
    assert find_grace_ticks(say_grace_ticks(59, 480), 960) == 0


def test_older_files_with_grace_notes_say_nothing_of_their_beats() -> None:
    assert find_grace_ticks(b"musicvae: grace notes last 59 ticks\x00", 960) == 59
