from __future__ import annotations

import numpy as np

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import MAX_PLACE, Window, lay_notes, lay_out


def window_of(*rows: tuple[int, ...]) -> Window:
    return Window(*[*map(np.array, rows), np.zeros((len(rows[0]), 0), int)])


# Two windows: measures of 2, 3 and 1 steps; and one of 4 steps.
THREE = window_of((2, 3, 1), (1, 2, 0), (5, 6, 7), (2, 1, 0), (8, 8, 8), (2, 2, 2))
ONE = window_of((4,), (3,), (0,), (40,), (0,), (1,))
LAYOUT = lay_out([THREE, ONE])


def test_a_layout_is_as_wide_as_its_longest_window() -> None:
    assert (LAYOUT.windows, LAYOUT.measures) == (2, 3)


def test_measures_of_a_shorter_window_are_padded() -> None:
    assert LAYOUT.measure_steps.tolist() == [2, 3, 1, 4, 0, 0]
    assert LAYOUT.exists.tolist() == [True, True, True, True, False, False]
    assert LAYOUT.meter.tolist() == [1, 2, 0, 3, 0, 0]
    assert LAYOUT.place.tolist() == [5, 6, 7, 0, 0, 0]
    assert LAYOUT.key.tolist() == [8, 8, 8, 0, 0, 0]
    assert LAYOUT.style.tolist() == [2, 2, 2, 1, 0, 0]


def test_places_far_away_are_not_told_apart() -> None:
    assert LAYOUT.left.tolist() == [2, 1, 0, MAX_PLACE, 0, 0]


def test_a_single_measure_is_laid_out_too() -> None:
    layout = lay_out([ONE])
    assert (layout.windows, layout.measures) == (1, 1)
    assert layout.exists.all()


def test_notes_are_put_in_order_of_measure_step_and_symbol() -> None:
    measure_notes = {
        "step": np.array([2, 0, 0, 0]),
        "length": np.array([1, 2, 3, 2]),
        "pitch": np.array([60, 64, 62, 60]),
        "part": np.array([0, 0, 1, 0]),
        "held": np.array([0, 0, 0, 1]),
    }
    notes = lay_notes(LAYOUT, np.array([1, 3, 3, 3]), measure_notes, Alphabet(2))
    assert notes.measure.tolist() == [1, 3, 3, 3]
    assert notes.step.tolist() == [2, 0, 0, 0]
    assert notes.symbol.tolist() == [256 + 60, 60, 256 + 64, 256 + 128 + 62]
    assert notes.length.tolist() == [1, 2, 2, 3]


def test_a_layout_may_have_no_notes() -> None:
    nothing = np.empty(0, np.int64)
    measure_notes = dict.fromkeys(("step", "length", "pitch", "part", "held"), nothing)
    assert len(lay_notes(LAYOUT, nothing, measure_notes, Alphabet(1)).step) == 0
