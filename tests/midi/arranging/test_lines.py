from __future__ import annotations

import numpy as np
import pytest

from musicvae.midi.arranging.lines import cut_lines, is_highest, number_voices
from musicvae.midi.songs.notes import make_notes


def chord(start: int, length: int, *pitches: int) -> list[tuple[int, int, int, int, int]]:
    return [(start, length, pitch, 80, 0) for pitch in pitches]


def test_the_highest_note_of_each_onset_and_part_is_found() -> None:
    notes = make_notes([(0, 4, 60, 80, 0), (0, 4, 64, 80, 0), (0, 4, 55, 80, 1), (2, 1, 40, 80, 0)])
    assert is_highest(notes).tolist() == [False, True, True, True]


def test_of_two_highest_notes_of_one_pitch_the_longest_is_taken() -> None:
    assert is_highest(make_notes([(0, 1, 60, 80, 0), (0, 4, 60, 80, 0)])).tolist() == [False, True]


def test_notes_of_a_line_end_where_the_next_begins() -> None:
    notes = make_notes([(0, 8, 60, 80, 0), (2, 1, 62, 80, 0), (4, 4, 64, 80, 0), (1, 9, 50, 80, 1)])
    assert cut_lines(notes)["length"].tolist() == [2, 1, 4, 9]


@pytest.mark.parametrize(
    ("pitches", "voices"),
    [
        ((60,), [0]),
        ((60, 64), [1, 0]),
        ((48, 60, 64, 67), [3, 2, 1, 0]),
        ((48, 55, 60, 64, 67), [3, -1, 2, 1, 0]),
    ],
)
def test_a_chord_is_split_from_high_to_low(pitches: tuple[int, ...], voices: list[int]) -> None:
    assert number_voices(make_notes(chord(0, 4, *pitches))).tolist() == voices


def test_notes_held_from_before_keep_their_voice() -> None:
    held = chord(0, 4, 72, 48)
    moving = chord(1, 1, 65) + chord(2, 1, 64)
    assert number_voices(make_notes(held + moving)).tolist() == [0, 1, 1, 1]


def test_a_note_that_has_ended_counts_no_more() -> None:
    assert number_voices(make_notes(chord(0, 2, 72) + chord(2, 2, 60))).tolist() == [0, 0]


def test_a_pitch_that_sounds_twice_counts_once() -> None:
    twice = [(0, 8, 67, 80, 0), (2, 2, 67, 80, 1), (2, 2, 60, 80, 2)]
    assert number_voices(make_notes(twice)).tolist() == [0, 0, 1]


def test_no_notes_have_no_voices() -> None:
    none = make_notes([])
    assert len(number_voices(none)) == len(is_highest(none)) == len(cut_lines(none)) == 0
    assert np.issubdtype(number_voices(none).dtype, np.integer)
