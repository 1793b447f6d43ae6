from __future__ import annotations

import numpy as np
import pytest

from musicvae.midi.likeness.postings import Postings, gather_postings


def hashes(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.uint32)


POSTINGS = gather_postings([hashes(5, 9), hashes(), hashes(1, 9)], np.uint32)


def test_each_hash_asked_for_finds_all_its_songs() -> None:
    query, song = POSTINGS.find(hashes(9, 7, 1))
    assert query.tolist() == [0, 0, 2]
    assert song.tolist() == [0, 2, 2]


def test_songs_without_hashes_are_counted() -> None:
    assert POSTINGS.songs == 3
    assert POSTINGS.hashes.tolist() == [1, 5, 9, 9]
    assert POSTINGS.hashes.dtype == np.uint32


@pytest.mark.parametrize(("songs", "bytes_each"), [(3, 1), (300, 2), (70_000, 4)])
def test_owners_take_as_few_bytes_as_they_may(songs: int, bytes_each: int) -> None:
    postings = gather_postings([hashes(1)] * songs, np.uint32)
    assert postings.owners.itemsize == bytes_each
    assert postings.find(hashes(1)).song.tolist() == list(range(songs))


def test_no_songs_have_nothing() -> None:
    nothing = gather_postings([], np.uint64)
    assert nothing.songs == 0
    assert len(nothing.find(np.array([1, 2], np.uint64)).song) == 0


@pytest.mark.parametrize(
    ("keys", "owners", "message"),
    [
        ([1, 2], [0], "each hash needs its song"),
        ([2, 1], [0, 0], "sorted"),
        ([1, 2], [0, 3], "song 3 of 3"),
    ],
)
def test_columns_that_do_not_fit_are_refused(keys: list[int], owners: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Postings(hashes(*keys), np.array(owners, np.uint8), 3)
