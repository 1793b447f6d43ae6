from __future__ import annotations

import numpy as np
import pytest

from musicvae.midi.reading.pulse import SIXTEENTHS, TRIPLETS, find_pulse, find_written, is_free, off_grid
from musicvae.midi.songs.song import FINE_GRID, Grid, Part
from musicvae.midi.songs.source import SOURCE_NOTE, Source

IN_FOUR = np.arange(400) / 4
IN_THREE = np.arange(400) / 3
NOISE = np.random.default_rng(0).normal(size=400)


def sounding_at(*tracks: np.ndarray, ticks: int = 480, is_barred: bool = False) -> Source:
    """Source of short notes, each track's at beats of its own."""
    rows = [
        (round(beat * ticks), round(beat * ticks) + 10, 60, 80, track)
        for track, beats in enumerate(tracks)
        for beat in beats
    ]
    parts = tuple(Part(f"track {track}") for track in range(len(tracks)))
    return Source(np.array(rows, SOURCE_NOTE), parts, ticks, is_barred=is_barred)


def test_music_on_the_grid_is_not_off_it() -> None:
    assert off_grid(sounding_at(IN_FOUR), Grid(4)) < 0.001
    assert off_grid(sounding_at(IN_THREE), Grid(12)) < 0.001
    assert off_grid(sounding_at(np.concatenate([IN_THREE, IN_FOUR / 2])), FINE_GRID) < 0.001


def test_triplets_lie_off_a_grid_of_sixteenths() -> None:
    assert off_grid(sounding_at(IN_THREE), Grid(4)) > 0.9


def test_music_played_to_a_click_is_near_the_grid_and_not_free() -> None:
    played = sounding_at(1 + IN_FOUR + 0.03 * NOISE)
    assert 0.1 < off_grid(played, Grid(4)) < 0.4
    assert not is_free(played)


def test_music_played_without_a_click_is_free() -> None:
    played = sounding_at(np.cumsum(0.29 * (1 + 0.1 * NOISE)))
    assert off_grid(played, Grid(4)) > 0.85
    assert is_free(played)


def test_a_few_notes_cannot_tell_whether_they_are_free() -> None:
    assert not is_free(sounding_at(np.cumsum(1 + 0.2 * np.abs(NOISE[:20]))))


@pytest.mark.parametrize("per_beat", [2, 3, 4, 6, 8, 12])
@pytest.mark.parametrize("ticks", [96, 120, 480, 1024])
def test_what_lies_on_the_fine_grid_is_written_to_the_tick(per_beat: int, ticks: int) -> None:
    source = sounding_at(np.arange(100) / per_beat, ticks=ticks)
    assert find_written(source, source.notes["start"], FINE_GRID).tolist() == [True]


@pytest.mark.parametrize("ticks", [15, 20, 24, 25, 30, 45])
def test_what_lies_as_near_to_the_fine_grid_as_ticks_can_be_is_written(ticks: int) -> None:
    source = sounding_at(np.concatenate([np.arange(48) / 4, 12 + np.arange(64) / 3]), ticks=ticks)
    assert find_written(source, source.notes["start"], FINE_GRID).tolist() == [True]


def test_each_track_is_judged_by_itself() -> None:
    source = sounding_at(IN_FOUR, 1 + IN_FOUR + 0.03 * NOISE, IN_THREE)
    assert find_written(source, source.notes["start"], FINE_GRID).tolist() == [True, False, True]


def test_a_few_quintuplets_are_written_too() -> None:
    source = sounding_at(np.concatenate([IN_FOUR, np.arange(50) / 5]))
    assert find_written(source, source.notes["start"], FINE_GRID).tolist() == [True]


def test_what_a_score_says_is_written() -> None:
    source = sounding_at(np.arange(100) / 7, is_barred=True)
    assert find_written(source, source.notes["start"], FINE_GRID).tolist() == [True]


def test_on_a_grid_that_the_fine_one_does_not_hold_all_is_written() -> None:
    source = sounding_at(1 + IN_FOUR + 0.03 * NOISE)
    assert [find_written(source, source.notes["start"], Grid(k)).item() for k in (4, 24, 96, 5)] == [
        *(False, False),
        *(True, True),
    ]


@pytest.mark.parametrize(
    ("beats", "pulse"),
    [
        (IN_FOUR, SIXTEENTHS),
        (IN_FOUR / 2, SIXTEENTHS),
        (1 + IN_FOUR + 0.03 * NOISE, SIXTEENTHS),
        (IN_FOUR * 4, SIXTEENTHS),
        (IN_THREE, TRIPLETS),
        (1 + IN_THREE + 0.03 * NOISE, TRIPLETS),
        (np.arange(100) + np.tile([0, 0.62], 50), TRIPLETS),
        (1 + IN_FOUR * 4 + 0.04 * NOISE, SIXTEENTHS),
    ],
    ids=[
        "sixteenths",
        "thirty-seconds",
        "played",
        "quarters",
        "triplets",
        "played triplets",
        "light swing",
        "played quarters",
    ],
)
def test_a_pulse_of_triplets_is_found_where_it_is_clear(beats: np.ndarray, pulse: Grid) -> None:
    assert find_pulse(beats) == pulse
