from __future__ import annotations

import numpy as np

from musicvae.midi.likeness.hashing import hash_rows


def test_a_row_has_one_hash_wherever_it_stands() -> None:
    one, other = hash_rows(np.array([[1, 2], [3, 4]], np.uint64)), hash_rows(np.array([[3, 4]], np.uint64))
    assert one[1] == other[0]
    assert one[0] != one[1]


def test_the_order_within_a_row_counts() -> None:
    forth, back = hash_rows(np.array([[1, 2], [2, 1]], np.uint64))
    assert forth != back


def test_no_rows_have_no_hashes() -> None:
    assert hash_rows(np.zeros((0, 3), np.uint64)).shape == (0,)
