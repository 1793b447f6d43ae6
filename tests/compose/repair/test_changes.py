from __future__ import annotations

import pytest

from musicvae.compose.repair.changes import Change, NoteAt, find_changes
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import FINE_GRID, Meter, Song

Row = tuple[int, int, int]  # start, length, pitch


def song(*rows: Row, part: int = 0) -> Song:
    """Return a song of two measures of 2/4 and one of 3/4."""
    meters = (Meter(2, 4), Meter(2, 4), Meter(3, 4))
    return Song(make_notes((*row, 80, part) for row in rows), meters, ENSEMBLES["voices"])


def told(before: Song, after: Song) -> list[tuple[str, str, str]]:
    return [(change.what, str(change.before), str(change.after)) for change in find_changes(before, after)]


def test_a_song_that_stays_as_it_is_has_no_changes() -> None:
    assert find_changes(song((0, 4, 60)), song((0, 4, 60))) == ()


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ([(10, 4, 60)], [(10, 4, 62)], ("repitched", "C4 at 2:1.5 for 1", "D4 at 2:1.5 for 1")),
        ([(10, 4, 60)], [(12, 4, 60)], ("moved", "C4 at 2:1.5 for 1", "C4 at 2:2 for 1")),
        ([(6, 4, 60)], [(8, 4, 60)], ("moved", "C4 at 1:2.5 for 1", "C4 at 2:1 for 1")),
        ([(16, 4, 60)], [(16, 8, 60)], ("stretched", "C4 at 3:1 for 1", "C4 at 3:1 for 2")),
        ([(16, 4, 60)], [], ("left out", "C4 at 3:1 for 1", "None")),
        ([], [(16, 3, 61)], ("added", "None", "C♯4 at 3:1 for 0.75")),
    ],
)
def test_every_change_says_what_and_where(before: list[Row], after: list[Row], what: tuple[str, ...]) -> None:
    assert told(song(*before), song(*after)) == [what]


def test_a_note_far_off_is_another_note() -> None:
    assert [what for what, _, _ in told(song((0, 4, 60)), song((20, 4, 60)))] == ["left out", "added"]


def test_a_note_that_is_near_on_a_fine_grid_was_moved() -> None:
    before, after = (
        Song(make_notes([(start, 24, 60, 80, 0)]), (Meter(),), ENSEMBLES["melody"], FINE_GRID)
        for start in (0, 48)
    )
    assert [change.what for change in find_changes(before, after)] == ["moved"]


def test_changes_come_in_order_of_time_with_the_part_that_they_are_in() -> None:
    found = find_changes(song((0, 4, 60), (8, 4, 62), part=2), song((0, 4, 61), (8, 4, 64), part=2))
    assert [(change.at.measure, change.at.part) for change in found] == [(1, "tenor"), (2, "tenor")]


def test_a_change_is_of_something() -> None:
    with pytest.raises(ValueError, match="nothing into nothing"):
        _ = Change(None, None).at
    note = NoteAt(1, 1.0, "alto", 60, 1.0)
    assert Change(note, None).at == Change(None, note).at == note
