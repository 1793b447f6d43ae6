from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from musicvae.midi.likeness.measure_windows import hash_windows
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PARTS = (Part("melody"), Part("bass"), Part("drums", is_drums=True))
HALF = Meter(2, 4)  # 8 steps
# start, length, pitch, part: two measures of 2/4, and two more
MUSIC = [(0, 4, 60, 0), (0, 8, 48, 1), (4, 4, 64, 0), (4, 1, 36, 2), (8, 4, 67, 0), (12, 4, 65, 0)]
MORE = [(16, 4, 69, 0), (20, 4, 67, 0), (24, 8, 60, 0)]


def song(notes: Sequence[tuple[int, int, int, int]], measures: int = 4) -> Song:
    rows = make_notes((start, length, pitch, 80, part) for start, length, pitch, part in notes)
    return Song(rows, (HALF,) * measures, PARTS, Grid(4))


def opening(notes: Sequence[tuple[int, int, int, int]]) -> int:
    """Return the hash of the first two measures."""
    windows = hash_windows(song(notes), 2)
    assert windows.first[0] == 0
    return int(windows.hashes[0])


def test_a_window_begins_at_each_measure_that_it_fits() -> None:
    windows = hash_windows(song(MUSIC + MORE), 2)
    assert windows.first.tolist() == [0, 1, 2]
    assert windows.hashes.dtype == np.uint64
    assert len(set(windows.hashes.tolist())) == 3


@pytest.mark.parametrize("semitones", [-12, 5])
def test_music_in_another_key_is_the_same_its_drums_staying_as_they_are(semitones: int) -> None:
    moved = [(start, length, pitch + semitones * (part < 2), part) for start, length, pitch, part in MUSIC]
    assert opening(moved) == opening(MUSIC)


def test_the_place_in_the_song_does_not_matter() -> None:
    later = [(start + 32, length, pitch, part) for start, length, pitch, part in MUSIC]
    assert hash_windows(song(MORE + later, measures=6), 2).hashes[-1] == opening(MUSIC)


def test_what_sounds_from_before_lengths_and_velocities_do_not_matter() -> None:
    later = [(start + 16, 1, pitch, part) for start, length, pitch, part in MUSIC]
    held = song([(12, 12, 72, 0), *later])
    louder = held.notes.copy()
    louder["velocity"] = 99
    assert hash_windows(replace(held, notes=louder), 2).hashes[-1] == opening(MUSIC)


def test_the_grid_does_not_matter() -> None:
    finer = song(MUSIC).notes.copy()
    for name in ("start", "length"):
        finer[name] *= 3
    assert hash_windows(replace(song(MUSIC), notes=finer, grid=Grid(12)), 2).hashes[0] == opening(MUSIC)


@pytest.mark.parametrize(
    "other",
    [
        [*MUSIC[:-1], (12, 4, 66, 0)],  # another pitch
        [*MUSIC[:-1], (13, 3, 65, 0)],  # later
        [*MUSIC[:-1], (12, 4, 65, 1)],  # in another part
        MUSIC[:-1],  # one note less
        [*MUSIC, (14, 2, 64, 0)],  # one more
        [note if note[3] < 2 else (4, 1, 38, 2) for note in MUSIC],  # another drum
        [note if note[3] != 1 else (0, 8, 36, 1) for note in MUSIC],  # the bass alone an octave lower
    ],
)
def test_other_music_is_another(other: list[tuple[int, int, int, int]]) -> None:
    assert opening(other) != opening(MUSIC)


def test_windows_with_fewer_pitched_notes_than_measures_are_left_out() -> None:
    drums = [(step, 1, 36, 2) for step in range(16, 32, 4)]
    assert hash_windows(song([*MUSIC, *drums]), 2).first.tolist() == [0, 1]
    assert hash_windows(song(drums), 2).first.tolist() == []


def test_a_song_of_fewer_measures_has_no_window() -> None:
    windows = hash_windows(song(MUSIC), 5)
    assert windows.first.shape == windows.hashes.shape == (0,)


def test_hashes_are_the_same_on_every_machine() -> None:
    assert hash_windows(song(MUSIC), 2).hashes.tolist() == [12201336905451182650, 6683478645636262233]
