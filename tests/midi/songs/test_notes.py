from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.midi.songs.notes import NOTE, check_notes, make_notes, tidy_notes
from musicvae.midi.songs.song import Meter, Part, Song


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ((-1, 1, 60, 80, 0), "within the 32 steps"),
        ((31, 2, 60, 80, 0), "within the 32 steps"),
        ((0, 0, 60, 80, 0), "a step or more"),
        ((0, 1, 128, 80, 0), "pitches"),
        ((0, 1, 60, 0, 0), "velocities"),
        ((0, 1, 60, 80, 1), "one of the 1 parts"),
    ],
)
def test_a_note_that_cannot_be_is_refused(row: tuple[int, int, int, int, int], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        check_notes(make_notes([row]), steps=32, parts=1)


def test_overlapping_notes_of_one_pitch_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap: pass the notes through tidy_notes first"):
        check_notes(make_notes([(0, 4, 60, 80, 0), (2, 4, 60, 80, 0)]), steps=32, parts=1)


def test_tidying_cuts_a_note_where_its_pitch_is_struck_again_and_keeps_the_longest_of_two() -> None:
    notes = make_notes([(0, 4, 60, 80, 0), (2, 1, 60, 80, 0), (2, 6, 60, 80, 0), (0, 9, 64, 80, 0)])
    tidy = tidy_notes(notes)
    assert tidy[["start", "length", "pitch"]].tolist() == [(0, 2, 60), (0, 9, 64), (2, 6, 60)]


note_rows = st.tuples(
    st.integers(0, 20), st.integers(1, 12), st.integers(60, 63), st.integers(1, 127), st.integers(0, 1)
)


@given(st.lists(note_rows, max_size=30))
def test_tidied_notes_make_a_song_and_stay_as_they_are(rows: list[tuple[int, int, int, int, int]]) -> None:
    tidy = tidy_notes(make_notes(rows) if rows else np.empty(0, NOTE))
    song = Song(tidy, (Meter(),) * 2, (Part("a"), Part("b")))
    assert np.array_equal(tidy_notes(song.notes), song.notes)
    assert {(n["start"], n["pitch"], n["part"]) for n in song.notes} == {(r[0], r[2], r[4]) for r in rows}
