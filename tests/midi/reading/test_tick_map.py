from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.midi.reading.tick_map import TickMap
from musicvae.midi.songs.song import Grid

MAPS = st.builds(
    TickMap, st.integers(1, 1920), st.builds(Grid, st.integers(1, 96)), st.integers(-99, 999), st.just(1)
)


def test_steps_are_counted_from_where_the_song_begins() -> None:
    place = TickMap(480, Grid(4), begin=16)
    assert place.to_tick(0) == 1920
    assert place.to_steps([1920, 1979, 1980, 2040]).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(("step", "tick"), [(0, 0), (1, 33), (2, 67), (3, 100)])
def test_a_step_between_two_ticks_is_at_the_nearest(step: int, tick: int) -> None:
    assert TickMap(100, Grid(3)).to_tick(step) == tick


@given(MAPS, st.integers(0, 2000))
def test_the_first_tick_of_a_step_is_where_a_later_step_begins_to_be_laid(place: TickMap, step: int) -> None:
    first = place.first_tick(step)
    before, here = place.to_steps([first - 1, first]).tolist()
    assert before < step <= here


def test_notes_that_were_played_by_hand_begin_before_their_step() -> None:
    assert TickMap(480, Grid(24), width=4).first_tick(24) == 480 - 40


@given(MAPS.filter(lambda place: place.ticks_per_beat >= place.grid.steps_per_beat), st.integers(0, 2000))
def test_a_step_is_laid_where_its_tick_is(place: TickMap, step: int) -> None:
    assert place.to_steps([place.to_tick(step)]).tolist() == [step]
