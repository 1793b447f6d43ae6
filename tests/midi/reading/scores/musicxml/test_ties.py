from __future__ import annotations

import random

import pytest

from musicvae.midi.reading.scores.musicxml.ties import WrittenNote, join_ties


def note(start: int, end: int, ties: str = "", pitch: int = 60, voice: str = "1") -> WrittenNote:
    """Return a note; `ties` names its ends of ties: "(" starts one, ")" stops one."""
    return WrittenNote(start, end, pitch, 0, False, voice, "(" in ties, ")" in ties)


def spans(notes: list[WrittenNote]) -> list[tuple[int, int]]:
    return [note[:2] for note in join_ties(notes)]


def test_a_chain_of_ties_is_one_note() -> None:
    assert spans([note(0, 4, "("), note(4, 8, ")("), note(8, 10, ")"), note(10, 12)]) == [(0, 10), (10, 12)]


def test_a_tie_without_an_end_leaves_two_notes() -> None:
    assert spans([note(0, 4, "("), note(4, 8)]) == [(0, 4), (4, 8)]


def test_a_tie_without_a_beginning_leaves_two_notes() -> None:
    assert spans([note(0, 4), note(4, 8, ")")]) == [(0, 4), (4, 8)]


def test_a_tie_does_not_reach_across_a_gap() -> None:
    assert spans([note(0, 3, "("), note(4, 8, ")")]) == [(0, 3), (4, 8)]


def test_a_tie_is_of_one_pitch() -> None:
    assert spans([note(0, 4, "("), note(4, 8, ")", pitch=61)]) == [(0, 4), (4, 8)]


def test_a_tie_goes_into_another_voice() -> None:
    assert spans([note(0, 4, "(", voice="1"), note(4, 8, ")", voice="2")]) == [(0, 8)]


def test_a_tie_stays_in_its_voice_where_it_can() -> None:
    notes = [note(0, 4, "(", voice="1"), note(2, 4, "(", voice="2")]
    ends = [note(4, 5, ")", voice="2"), note(4, 9, ")", voice="1")]
    assert spans([*notes, *ends]) == [(0, 9), (2, 5)]


def test_a_voice_that_is_written_later_may_start_the_tie() -> None:
    assert spans([note(4, 8, ")", voice="1"), note(0, 4, "(", voice="2")]) == [(0, 8)]


def test_a_grace_note_that_is_tied_to_its_main_note_is_that_note() -> None:
    assert spans([note(4, 4, "("), note(4, 8, ")")]) == [(4, 8)]


def test_grace_notes_tied_to_each_other_in_a_circle_end() -> None:
    assert len(join_ties([note(4, 4, ")("), note(4, 4, ")(")])) == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_notes_are_written_does_not_matter(seed: int) -> None:
    notes = [note(start, start + 4, ")(", voice=str(start % 3)) for start in range(0, 40, 4)]
    random.Random(seed).shuffle(notes)
    assert spans(notes) == [(0, 40)]
