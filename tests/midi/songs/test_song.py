from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from musicvae.midi.songs.notes import NOTE, make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song, Tempo

MELODY = (Part("melody"),)


def song_of(*rows: tuple[int, int, int, int, int], measures: int = 2) -> Song:
    return Song(make_notes(rows), (Meter(),) * measures, MELODY)


@pytest.mark.parametrize(("text", "steps"), [("4/4", 16), ("3/4", 12), ("6/8", 12), ("7/8", 14), ("5/4", 20)])
def test_a_measure_has_as_many_sixteenths_as_its_meter_says(text: str, steps: int) -> None:
    assert Meter.parse(text).steps(Grid(4)) == steps


@pytest.mark.parametrize(("steps_per_beat", "steps"), [(4, 1), (24, 6), (3, 1), (12, 3)])
def test_a_sixteenth_has_as_many_steps_as_the_grid_says(steps_per_beat: int, steps: int) -> None:
    assert Grid(steps_per_beat).sixteenth == steps


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


def test_barlines_are_laid_once_and_for_all() -> None:
    song = song_of((0, 1, 60, 80, 0))
    assert song.measure_starts is song.measure_starts
    assert not song.measure_starts.flags.writeable
    assert replace(song, meters=song.meters[:1]).measure_starts.tolist() == [0, 16]


def test_notes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="within the 32 steps"):
        song_of((31, 2, 60, 80, 0))
    with pytest.raises(ValueError, match="overlap"):
        song_of((0, 4, 60, 80, 0), (2, 4, 60, 80, 0))


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


def test_a_song_whose_first_tempo_comes_later_begins_at_120() -> None:
    assert Song(np.empty(0, NOTE), (Meter(),) * 2, MELODY, tempi=(Tempo(8, 60.0),)).bpm == 120


def test_silent_measures_at_the_beginning_can_be_left_out() -> None:
    song = Song(make_notes([(20, 4, 60, 80, 0)]), (Meter(3, 4),) * 3, (Part("a"),))
    assert song.from_first_note() == song.cut(1, 3)
    assert song.cut(1, 3).from_first_note() == song.cut(1, 3)
    assert replace(song, notes=song.notes[:0]).from_first_note().measures == 3
