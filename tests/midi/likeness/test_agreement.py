from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.midi.likeness.agreement import Agreement, compare, wrong_steps
from musicvae.midi.songs.notes import make_notes, tidy_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PARTS = (Part("upper"), Part("lower"))
METERS = (Meter(2, 4), Meter(3, 4))  # 8 + 12 steps

Row = tuple[int, int, int, int]  # start, length, pitch, part


def song(*rows: Row) -> Song:
    notes = make_notes((start, length, pitch, 80, part) for start, length, pitch, part in rows)
    return Song(tidy_notes(notes), METERS, PARTS, Grid(4))


ORIGINAL = song((0, 4, 60, 0), (4, 4, 62, 0), (8, 12, 64, 0), (0, 8, 48, 1))


def test_a_song_agrees_with_itself_whatever_its_velocities() -> None:
    louder = ORIGINAL.notes.copy()
    louder["velocity"] = 100
    agreement = compare(ORIGINAL, Song(louder, METERS, PARTS, Grid(4)))
    assert agreement == Agreement(20, 20, 4, 4, 4, 4)
    assert (agreement.step_accuracy, agreement.onset_f1, agreement.note_f1) == (1, 1, 1)


def test_a_wrong_pitch_costs_the_steps_at_which_it_sounds() -> None:
    copy = song((0, 4, 60, 0), (4, 4, 63, 0), (8, 12, 64, 0), (0, 8, 48, 1))
    assert compare(ORIGINAL, copy) == Agreement(20, 16, 4, 4, 3, 3)


def test_a_note_too_short_costs_the_steps_that_it_misses_but_not_its_onset() -> None:
    copy = song((0, 4, 60, 0), (4, 4, 62, 0), (8, 10, 64, 0), (0, 8, 48, 1))
    assert compare(ORIGINAL, copy) == Agreement(20, 18, 4, 4, 4, 3)
    assert np.flatnonzero(wrong_steps(ORIGINAL, copy)).tolist() == [18, 19]


def test_a_note_struck_twice_sounds_the_same_but_begins_once_too_often() -> None:
    copy = song((0, 4, 60, 0), (4, 4, 62, 0), (8, 6, 64, 0), (14, 6, 64, 0), (0, 8, 48, 1))
    assert compare(ORIGINAL, copy) == Agreement(20, 19, 4, 5, 4, 3)
    assert np.flatnonzero(wrong_steps(ORIGINAL, copy)).tolist() == [14]


def test_the_right_note_in_another_part_is_wrong() -> None:
    copy = song((0, 4, 60, 1), (4, 4, 62, 0), (8, 12, 64, 0), (0, 8, 48, 1))
    assert compare(ORIGINAL, copy) == Agreement(20, 16, 4, 4, 3, 3)


def test_silence_misses_every_note() -> None:
    agreement = compare(ORIGINAL, song())
    assert agreement == Agreement(20, 0, 4, 0, 0, 0)
    assert (agreement.onset_recall, agreement.onset_f1) == (0, 0)


def test_two_silent_songs_agree() -> None:
    agreement = compare(song(), song())
    assert (agreement.step_accuracy, agreement.onset_f1, agreement.note_f1) == (1, 1, 1)


def test_recall_asks_for_the_originals_notes_and_f1_for_those_of_both() -> None:
    agreement = Agreement(
        steps=10, right_steps=9, original_notes=8, copied_notes=4, same_onsets=3, same_notes=2
    )
    assert agreement.step_accuracy == 0.9
    assert agreement.onset_recall == 3 / 8
    assert agreement.onset_f1 == pytest.approx(2 * (3 / 4) * (3 / 8) / (3 / 4 + 3 / 8))
    assert agreement.note_f1 == pytest.approx(2 * (2 / 4) * (2 / 8) / (2 / 4 + 2 / 8))


def test_counts_of_many_songs_add_up() -> None:
    total = sum([compare(ORIGINAL, ORIGINAL), compare(ORIGINAL, song())], Agreement())
    assert total == Agreement(40, 20, 8, 4, 4, 4)
    assert total.onset_recall == 0.5


@pytest.mark.parametrize(
    "other",
    [
        Song(make_notes([]), METERS, PARTS[:1], Grid(4)),
        Song(make_notes([]), METERS[:1], PARTS, Grid(4)),
        Song(make_notes([]), METERS, PARTS, Grid(12)),
    ],
    ids=["parts", "meters", "grid"],
)
def test_songs_of_different_shapes_are_not_compared(other: Song) -> None:
    with pytest.raises(ValueError, match="same grid, meters and number of parts"):
        compare(ORIGINAL, other)


PITCH_AND_PART = st.tuples(st.integers(60, 63), st.integers(0, 1))


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    start = draw(st.lists(st.integers(0, 19), max_size=12))
    return [(begin, draw(st.integers(1, 20 - begin)), *draw(PITCH_AND_PART)) for begin in start]


def rolls(music: Song) -> tuple[np.ndarray, np.ndarray]:
    """Draw the notes that begin and those that sound, each (steps, parts, pitches)."""
    begin = np.zeros((music.steps, 2, 128), dtype=bool)
    sound = begin.copy()
    for start, length, pitch, _, part in music.notes.tolist():
        begin[start, part, pitch] = True
        sound[start : start + length, part, pitch] = True
    return begin, sound


@given(rows(), rows())
def test_a_step_is_right_when_it_is_right_in_both_rolls(mine: list[Row], yours: list[Row]) -> None:
    original, copy = song(*mine), song(*yours)
    expected = np.zeros(original.steps, dtype=bool)
    for one, other in zip(rolls(original), rolls(copy), strict=True):
        expected |= (one != other).any(axis=(1, 2))
    assert np.array_equal(wrong_steps(original, copy), expected)
    assert compare(original, copy).right_steps == np.count_nonzero(~expected)


@given(rows(), rows())
def test_comparing_the_other_way_round_gives_the_same_f1(mine: list[Row], yours: list[Row]) -> None:
    there, back = compare(song(*mine), song(*yours)), compare(song(*yours), song(*mine))
    assert there.right_steps == back.right_steps
    assert (there.onset_f1, there.note_f1) == (back.onset_f1, back.note_f1)
