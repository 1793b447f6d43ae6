"""Sets of hashes turned round: for each hash, the songs that have it.

Two flat columns, one row for each hash of each song: small on disk, and ready for use as read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.ranges import concat_ranges


class Found(NamedTuple):
    """Hashes asked for and songs that have them, pair by pair, in the order asked; both of shape (pairs,)."""

    query: np.ndarray  # index of the hash among those asked for
    song: np.ndarray


@dataclass(frozen=True, eq=False)
class Postings:
    """Which songs have which hashes.

    Parameters
    ----------
    hashes : np.ndarray of unsigned int, shape (rows,)
        Never falling.
    owners : np.ndarray of unsigned int, shape (rows,)
        The song of each.
    songs : int
        How many songs there are, those without any hash too.

    Raises
    ------
    ValueError
        If the columns do not fit each other.
    """

    hashes: np.ndarray
    owners: np.ndarray
    songs: int

    def __post_init__(self) -> None:
        if self.hashes.ndim != 1 or self.hashes.shape != self.owners.shape:
            raise ValueError(f"each hash needs its song, got {self.hashes.shape} and {self.owners.shape}")
        if np.any(self.hashes[1:] < self.hashes[:-1]):
            raise ValueError("the hashes must be sorted")
        if len(self.owners) and int(self.owners.max()) >= self.songs:
            raise ValueError(f"song {self.owners.max()} of {self.songs} is named")

    def find(self, hashes: np.ndarray) -> Found:
        """Return the songs that have these hashes, which are of the same type as those kept."""
        first = np.searchsorted(self.hashes, hashes)
        after = np.searchsorted(self.hashes, hashes, side="right")
        query, row = concat_ranges(first, after - first)
        return Found(query, self.owners[row])


def gather_postings(songs: Sequence[np.ndarray], dtype: type[np.unsignedinteger]) -> Postings:
    """Return the distinct hashes of each song as postings, in as few bytes as the number of songs allows.

    Parameters
    ----------
    songs : sequence of np.ndarray
        The distinct hashes of each song.
    dtype : type
        Of all hashes.
    """
    hashes = np.concatenate([np.zeros(0, dtype), *songs])
    owners = np.repeat(np.arange(len(songs)), [len(each) for each in songs])
    order = np.argsort(hashes, kind="stable")
    return Postings(hashes[order], owners[order].astype(np.min_scalar_type(len(songs))), len(songs))
