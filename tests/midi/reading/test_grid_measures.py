from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.errors import SongError
from musicvae.midi.reading.grid_measures import MeterAt, lay_measures
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Grid, Meter

GRID = Grid(4)


def meters(changes: list[tuple[int, str]], last: int, first: int = 0, grid: Grid = GRID) -> list[str]:
    """Meters of the measures that come out, from changes of meter as texts."""
    laid = lay_measures([MeterAt(step, Meter.parse(text)) for step, text in changes], first, last, grid)
    return [str(meter) for meter in laid.meters]


def test_a_song_without_a_meter_is_in_common_time() -> None:
    assert meters([], last=17) == ["4/4", "4/4"]


@pytest.mark.parametrize(
    "meter", ["2/4", "3/4", "4/4", "6/8", "9/8", "12/8", "5/4", "7/8", "2/2", "6/4", "8/4"]
)
def test_whole_measures_of_every_meter(meter: str) -> None:
    steps = Meter.parse(meter).steps(GRID)
    assert meters([(0, meter)], last=3 * steps) == [meter] * 3
    assert meters([(0, meter)], last=3 * steps + 1) == [meter] * 4


def test_silent_measures_at_the_beginning_are_measures() -> None:
    laid = lay_measures([MeterAt(0, Meter(3, 4))], first=30, last=40, grid=GRID)
    assert (laid.begin, laid.meters) == (0, (Meter(3, 4),) * 4)


def test_a_change_at_a_barline_cuts_nothing() -> None:
    laid = lay_measures([MeterAt(0, Meter(4, 4)), MeterAt(32, Meter(3, 4))], first=0, last=50, grid=GRID)
    assert [str(meter) for meter in laid.meters] == ["4/4", "4/4", "3/4", "3/4"]
    assert laid.notices == ()


def test_a_change_in_the_middle_of_a_measure_cuts_it() -> None:
    laid = lay_measures([MeterAt(0, Meter(4, 4)), MeterAt(26, Meter(3, 4))], first=0, last=30, grid=GRID)
    assert [str(meter) for meter in laid.meters] == ["4/4", "5/8", "3/4"]
    assert laid.notices == (Notice("measures cut short by a change of meter", 1),)


def test_a_meter_said_again_changes_nothing() -> None:
    assert meters([(0, "4/4"), (6, "4/4"), (16, "4/4")], last=32) == ["4/4", "4/4"]


def test_of_several_meters_at_one_step_the_last_counts() -> None:
    assert meters([(0, "4/4"), (0, "3/4"), (0, "2/4")], last=8) == ["2/4"]


def test_changes_after_the_last_note_are_left_out() -> None:
    assert meters([(0, "3/4"), (24, "4/4")], last=20) == ["3/4", "3/4"]


def test_a_pick_up_is_filled_up_with_silence() -> None:
    laid = lay_measures([MeterAt(0, Meter(1, 4)), MeterAt(4, Meter(3, 4))], first=0, last=20, grid=GRID)
    assert (laid.begin, [str(meter) for meter in laid.meters]) == (-8, ["3/4", "3/4", "3/4"])
    assert laid.notices == (Notice("the pick-up was filled up with silence to a whole measure"),)


def test_a_short_first_measure_whose_meter_comes_again_is_no_pick_up() -> None:
    changes = [(0, "3/4"), (12, "4/4"), (28, "3/4"), (40, "4/4")]
    assert meters(changes, last=56) == ["3/4", "4/4", "3/4", "4/4"]


def test_a_silent_first_measure_is_no_pick_up() -> None:
    assert meters([(0, "1/4"), (4, "3/4")], first=4, last=16) == ["1/4", "3/4"]


def test_one_four_throughout_is_read_as_common_time() -> None:
    laid = lay_measures([MeterAt(0, Meter(1, 4)), MeterAt(8, Meter(1, 4))], first=0, last=17, grid=GRID)
    assert laid.meters == (Meter(4, 4), Meter(4, 4))
    assert laid.notices == (Notice("1/4 throughout was read as 4/4"),)


@pytest.mark.parametrize(
    ("long", "split"),
    [
        ("18/8", ["9/8", "9/8"]),
        ("12/4", ["6/4", "6/4"]),
        ("5/2", ["1/2"] * 5),
        ("9/4", ["3/4"] * 3),
        ("11/4", ["4/4", "4/4", "3/4"]),
        ("17/8", ["8/8", "8/8", "1/8"]),
    ],
)
def test_measures_of_more_than_8_beats_are_split(long: str, split: list[str]) -> None:
    steps = Meter.parse(long).steps(GRID)
    laid = lay_measures(
        [MeterAt(0, Meter.parse(long)), MeterAt(2 * steps, Meter(3, 4))], 0, 2 * steps + 1, GRID
    )
    assert [str(meter) for meter in laid.meters] == [*split, *split, "3/4"]
    assert laid.notices == (Notice("measures of more than 8 beats were split"),)


def test_barlines_between_steps_move_to_the_nearest() -> None:
    assert meters([(0, "15/32")], last=30) == ["16/32", "14/32", "16/32", "14/32"]
    assert meters([(0, "1/64")], last=3) == ["4/64", "4/64", "4/64"]


def test_barlines_of_a_grid_of_triplets_fall_on_sixteenths() -> None:
    assert meters([(0, "4/4"), (46, "3/4")], last=80, grid=Grid(12)) == ["15/16", "3/4"]


def test_a_hundred_thousand_measures_are_laid_and_far_more_refused() -> None:
    assert len(meters([(0, "2/4")], last=800_000)) == 100_000
    alternating = [(24 * index + 8 * (index % 2), f"{2 + index % 2}/4") for index in range(1_000)]
    assert len(meters(alternating, last=24_000)) >= 1_000
    with pytest.raises(SongError, match="250,000 measures: split it into songs of 200,000"):
        meters([(0, "2/4")], last=2_000_000)
    with pytest.raises(SongError, match="measures"):
        meters([(0, "11/4")], last=2**40)


@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, 300),
            st.builds(Meter, st.integers(1, 40), st.sampled_from([1, 2, 4, 8, 16, 32, 64])),
        ),
        max_size=6,
    ),
    first=st.integers(0, 300),
    length=st.integers(1, 200),
    grid=st.sampled_from([Grid(1), Grid(3), Grid(4), Grid(6), Grid(12), Grid(7)]),
)
def test_measures_cover_the_notes_and_fit_the_grid(
    changes: list[tuple[int, Meter]], first: int, length: int, grid: Grid
) -> None:
    laid = lay_measures([MeterAt(*change) for change in changes], first, first + length, grid)
    assert laid.begin <= 0
    steps = [meter.steps(grid) for meter in laid.meters]
    assert sum(steps[:-1]) < first + length - laid.begin <= sum(steps)
    assert all(1 <= size <= 8 * grid.steps_per_beat for size in steps)
