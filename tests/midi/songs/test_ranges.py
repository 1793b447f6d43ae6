from __future__ import annotations

import numpy as np

from musicvae.midi.songs.ranges import concat_ranges


def test_every_number_of_every_span_comes_with_its_owner() -> None:
    owner, position = concat_ranges(np.array([5, 0, 7]), np.array([3, 0, 2]))
    assert owner.tolist() == [0, 0, 0, 2, 2]
    assert position.tolist() == [5, 6, 7, 7, 8]


def test_short_integers_do_not_overflow() -> None:
    first, length = np.array([2**31 - 1], np.int32), np.array([2], np.int32)
    assert concat_ranges(first, length).number.tolist() == [2**31 - 1, 2**31]


def test_no_spans_have_no_numbers() -> None:
    owner, position = concat_ranges(np.array([], int), np.array([], int))
    assert len(owner) == len(position) == 0
