from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.errors import SongError
from musicvae.midi.songs.notes import DEFAULT_VELOCITY, make_notes
from musicvae.midi.songs.pianoroll import ONSET, SUSTAIN, rolls_to_song, songs_to_rolls
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PIANO = (Part("piano"),)
TWO = (Part("high"), Part("low"))
QUARTER = Meter(1, 4)


def one_measure(onset: list[int], sustain: list[int]) -> np.ndarray:
    """Return the roll of one measure of one part with the steps at which middle C begins and sounds."""
    rolls = np.zeros((1, 1, 2, len(onset), 128), bool)
    rolls[0, 0, ONSET, :, 60], rolls[0, 0, SUSTAIN, :, 60] = onset, sustain
    return rolls


def notes_of(rolls: np.ndarray, meter: Meter = QUARTER) -> list[tuple[int, int]]:
    """Return start and length of the notes of a roll of one measure."""
    song = rolls_to_song(rolls, [meter], PIANO, Grid(4))
    return [(int(note["start"]), int(note["length"])) for note in song.notes]


@given(data=st.data())
def test_songs_survive_a_round_trip_through_their_rolls(
    random_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(random_songs)
    rolls, mask, _ = songs_to_rolls([song])
    again = rolls_to_song(rolls, song.meters, song.parts, song.grid)
    kept = song.notes.copy()
    kept["velocity"] = DEFAULT_VELOCITY
    assert again == replace(song, notes=kept, tempi=(), markers=(), title="")
    assert mask.sum() == song.steps


@given(data=st.data())
def test_rolls_of_songs_survive_a_round_trip_through_the_song(
    random_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(random_songs)
    rolls = songs_to_rolls([song]).rolls
    again = songs_to_rolls([rolls_to_song(rolls, song.meters, song.parts, song.grid)]).rolls
    np.testing.assert_array_equal(again, rolls)


@given(cells=st.lists(st.tuples(*[st.integers(0, limit - 1) for limit in (3, 2, 2, 4, 128)]), max_size=60))
def test_any_rolls_whatever_make_a_song(cells: list[tuple[int, ...]]) -> None:
    rolls = np.zeros((3, 2, 2, 4, 128), bool)
    for cell in cells:
        rolls[cell] = True
    meters = [Meter(1, 4), Meter(1, 8), Meter(3, 16)]
    song = rolls_to_song(rolls, meters, TWO, Grid(4))  # which checks its notes
    mask = songs_to_rolls([song]).mask
    rolls &= mask[:, None, None, :, None]
    sounding = rolls[:, :, ONSET] | rolls[:, :, SUSTAIN]
    np.testing.assert_array_equal(songs_to_rolls([song]).rolls[:, :, SUSTAIN], sounding)


def test_the_planes_show_where_a_note_begins_and_where_it_sounds() -> None:
    song = Song(make_notes([(1, 2, 60, 80, 0)]), (Meter(1, 4),), PIANO)
    rolls, mask, _ = songs_to_rolls([song])
    assert rolls.shape == (1, 1, 2, 4, 128)
    assert rolls.dtype == mask.dtype == bool
    assert rolls[0, 0, ONSET, :, 60].tolist() == [False, True, False, False]
    assert rolls[0, 0, SUSTAIN, :, 60].tolist() == [False, True, True, False]
    assert rolls.sum() == 3


def test_a_repeated_note_differs_from_a_held_one() -> None:
    assert notes_of(one_measure([1, 0, 0, 0], [1, 1, 1, 1])) == [(0, 4)]
    assert notes_of(one_measure([1, 0, 1, 0], [1, 1, 1, 1])) == [(0, 2), (2, 2)]


def test_a_note_held_over_barlines_has_one_onset_and_is_one_note_again() -> None:
    song = Song(make_notes([(3, 6, 60, DEFAULT_VELOCITY, 0)]), (Meter(1, 4),) * 3, PIANO)
    rolls = songs_to_rolls([song]).rolls
    assert rolls[:, 0, ONSET, :, 60].tolist() == [[0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert rolls[:, 0, SUSTAIN, :, 60].tolist() == [[0, 0, 0, 1], [1, 1, 1, 1], [1, 0, 0, 0]]
    assert rolls_to_song(rolls, song.meters, PIANO, song.grid) == song


def test_steps_past_the_end_of_a_shorter_measure_are_masked() -> None:
    song = Song(make_notes([(2, 6, 60, 80, 0)]), (Meter(3, 16), Meter(5, 16)), PIANO)
    rolls, mask, _ = songs_to_rolls([song])
    assert mask.tolist() == [[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]
    assert rolls[:, 0, SUSTAIN, :, 60].tolist() == [[0, 0, 1, 0, 0], [1, 1, 1, 1, 1]]


def test_one_pitch_may_sound_in_two_parts_at_once() -> None:
    song = Song(make_notes([(0, 4, 60, 80, 0), (1, 2, 60, 80, 1)]), (Meter(1, 4),), TWO)
    rolls = songs_to_rolls([song]).rolls
    assert rolls_to_song(rolls, song.meters, TWO, song.grid) == song


@pytest.mark.parametrize(
    ("onset", "sustain", "notes"),
    [
        ([0, 0, 0, 0], [1, 1, 0, 0], [(0, 2)]),  # held from before the beginning
        ([0, 0, 0, 0], [0, 1, 1, 0], [(1, 2)]),  # held out of silence
        ([0, 1, 0, 0], [0, 0, 0, 0], [(1, 1)]),  # struck but never sounding
        ([0, 1, 0, 0], [0, 0, 1, 0], [(1, 2)]),  # struck, sounding later
        ([1, 1, 1, 1], [1, 1, 1, 1], [(0, 1), (1, 1), (2, 1), (3, 1)]),
    ],
)
def test_rolls_that_no_song_has_are_read_as_the_module_says(
    onset: list[int], sustain: list[int], notes: list[tuple[int, int]]
) -> None:
    assert notes_of(one_measure(onset, sustain)) == notes


def test_steps_that_the_measure_does_not_have_are_ignored() -> None:
    assert notes_of(one_measure([1, 0, 0, 1], [1, 1, 1, 1]), Meter(1, 8)) == [(0, 2)]


def test_a_song_of_no_measures_has_no_rolls() -> None:
    song = Song(make_notes([]), (), PIANO)
    rolls, mask, _ = songs_to_rolls([song])
    assert (rolls.shape, mask.shape) == ((0, 1, 2, 0, 128), (0, 0))
    assert rolls_to_song(rolls, (), PIANO, song.grid) == song


def test_the_measures_of_several_songs_follow_each_other_with_the_number_of_their_song() -> None:
    one = Song(make_notes([(0, 2, 60, DEFAULT_VELOCITY, 0)]), (Meter(1, 8),), PIANO)
    none = Song(make_notes([]), (), PIANO)
    two = Song(make_notes([(1, 5, 72, DEFAULT_VELOCITY, 0)]), (QUARTER, QUARTER), PIANO)
    rolls, mask, song = songs_to_rolls([one, none, two])
    assert song.tolist() == [0, 2, 2]
    assert mask.sum(1).tolist() == [2, 4, 4]
    for index, each in enumerate((one, none, two)):
        assert rolls_to_song(rolls[song == index], each.meters, PIANO, each.grid) == each


@pytest.mark.parametrize("other", [Song(make_notes([]), (), TWO), Song(make_notes([]), (), PIANO, Grid(12))])
def test_songs_of_several_grids_or_numbers_of_parts_have_no_rolls_together(other: Song) -> None:
    with pytest.raises(ValueError, match="only songs of one grid and of as many parts"):
        songs_to_rolls([Song(make_notes([]), (), PIANO), other])
    with pytest.raises(ValueError, match="only songs of one grid"):
        songs_to_rolls([])


def test_rolls_too_large_for_the_memory_are_refused_before_they_are_made() -> None:
    song = Song(make_notes([]), (Meter(),) * 300_000, PIANO)
    with pytest.raises(SongError, match="300000 measures would take 1.1 GiB: give fewer songs"):
        songs_to_rolls([song])


@pytest.mark.parametrize(
    "shape", [(2, 1, 2, 4, 128), (1, 2, 2, 4, 128), (1, 1, 2, 3, 128), (1, 1, 2, 4, 88), (4, 128)]
)
def test_rolls_of_a_wrong_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"have shape \(1, 1, 2, 4, 128\), got"):
        rolls_to_song(np.zeros(shape, bool), [Meter(1, 4)], PIANO, Grid(4))
