from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.midi.song import (
    NOTE,
    Grid,
    Marker,
    Meter,
    Part,
    Song,
    Tempo,
    join_songs,
    make_notes,
    tidy_notes,
)

MELODY = (Part("melody"),)


def song_of(*rows: tuple[int, int, int, int, int], measures: int = 2) -> Song:
    return Song(make_notes(rows), (Meter(),) * measures, MELODY)


@pytest.mark.parametrize(("text", "steps"), [("4/4", 16), ("3/4", 12), ("6/8", 12), ("7/8", 14), ("5/4", 20)])
def test_a_measure_has_as_many_sixteenths_as_its_meter_says(text: str, steps: int) -> None:
    assert Meter.parse(text).steps(Grid(4)) == steps


@pytest.mark.parametrize("text", ["", "4", "4/3", "0/4", "3/0", "a/b", "3/4/4"])
def test_what_is_no_meter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a meter"):
        Meter.parse(text)


def test_a_measure_of_no_whole_number_of_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="no whole number of steps"):
        Meter(3, 16).steps(Grid(2))


def test_notes_are_kept_in_order_of_start_part_and_pitch() -> None:
    song = song_of((4, 1, 60, 80, 0), (0, 1, 67, 80, 0), (0, 1, 60, 80, 0))
    assert song.notes[["start", "pitch"]].tolist() == [(0, 60), (0, 67), (4, 60)]


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
        song_of(row)


def test_overlapping_notes_of_one_pitch_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        song_of((0, 4, 60, 80, 0), (2, 4, 60, 80, 0))


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


def test_a_cut_leaves_out_what_sounds_before_it_and_ends_what_sounds_past_it() -> None:
    song = song_of((0, 20, 60, 80, 0), (18, 14, 64, 80, 0), measures=3)
    assert song.cut(1, 2).notes[["start", "length", "pitch"]].tolist() == [(2, 14, 64)]


def test_a_cut_keeps_the_tempo_that_was_in_force() -> None:
    song = Song(
        make_notes([(0, 1, 60, 80, 0)]), (Meter(),) * 3, MELODY, tempi=(Tempo(0, 90.0), Tempo(16, 60.0))
    )
    assert song.cut(2, 3).tempi == (Tempo(0, 60.0),)


def test_a_song_shorter_than_its_opening_is_whole() -> None:
    song = song_of((0, 4, 60, 80, 0), measures=3)
    assert [song.opening(measures).measures for measures in (2, 3, 4)] == [2, 3, 3]


def test_no_measures_cannot_be_cut_out() -> None:
    with pytest.raises(ValueError, match="no measures"):
        song_of((0, 1, 60, 80, 0)).cut(1, 1)


def test_joined_songs_follow_each_other_under_their_titles() -> None:
    song = song_of((0, 4, 60, 80, 0), measures=1)
    joined = join_songs([song, song], ["one", "two"])
    assert joined.notes["start"].tolist() == [0, 16]
    assert joined.markers == (Marker(0, "one"), Marker(16, "two"))


def test_joining_says_a_tempo_only_where_it_changes() -> None:
    slow = Song(make_notes([(0, 1, 60, 80, 0)]), (Meter(),), MELODY, tempi=(Tempo(0, 60.0),))
    plain = song_of((0, 1, 60, 80, 0), measures=1)
    assert join_songs([slow, slow, plain]).tempi == (Tempo(0, 60.0), Tempo(32, 120.0))


def test_songs_of_other_parts_are_not_joined() -> None:
    with pytest.raises(ValueError, match="same parts"):
        join_songs([song_of(), Song(np.empty(0, NOTE), (Meter(),), (Part("bass"),))])


def test_a_song_whose_first_tempo_comes_later_begins_at_120() -> None:
    assert Song(np.empty(0, NOTE), (Meter(),) * 2, MELODY, tempi=(Tempo(8, 60.0),)).bpm == 120
