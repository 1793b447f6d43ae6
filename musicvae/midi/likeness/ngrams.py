"""Interval n-grams: find the same tune under two names, in two keys.

Conventions
-----------
A melody is the top line of a song: the notes that begin with nothing higher sounding, drums
apart. An n-gram is n intervals between neighbouring notes of it, in semitones, so it is the same
in every key. It is kept as a hash of 64 bits, the same on every machine.

Two songs are compared by the share of n-grams of the smaller set that the other has too, 0 to 1:
a tune is found within a longer setting of itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from musicvae.midi.likeness.hashing import hash_rows
from musicvae.midi.likeness.postings import Postings, gather_postings
from musicvae.midi.songs.song import Song

N = 6  # intervals in an n-gram: two tunes seldom share seven notes by chance
THRESHOLD = 0.35  # from it on two folk tunes are settings of one tune; below 0.3 they seldom are
FEWEST = 8  # n-grams below which nothing can be said


class Match(NamedTuple):
    """The number of the nearest song of an index, and the share of n-grams in common."""

    song: int
    share: float


def melody_line(song: Song) -> np.ndarray:
    """Return the top line of the song as an array of NOTE, shape (notes,), drums apart."""
    return _top_line(_pitched_notes(song))


def interval_ngrams(song: Song) -> np.ndarray:
    """Return the n-grams of the song's melody, as sorted distinct hashes, uint64, shape (n-grams,)."""
    return _ngrams_of_line(melody_line(song))


def part_ngrams(song: Song) -> np.ndarray:
    """Return the n-grams of the top lines of all parts together, as `interval_ngrams` does.

    They tell apart two settings of one melody, which `interval_ngrams` finds to be the same.
    """
    notes = _pitched_notes(song)
    lines = [_top_line(notes[notes["part"] == part]) for part in np.unique(notes["part"])]
    grams = [_ngrams_of_line(line) for line in lines]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.uint64), *grams]))


def _pitched_notes(song: Song) -> np.ndarray:
    drums = [index for index, part in enumerate(song.parts) if part.is_drums]
    return song.notes[~np.isin(song.notes["part"], drums)]


def _top_line(notes: np.ndarray) -> np.ndarray:
    if not len(notes):
        return notes
    sounding: list[tuple[int, int]] = []  # a heap: the highest pitch first, below zero, and when it ends
    roof: dict[int, int] = {}  # the highest pitch at each onset, not at each step: a note may last millions
    for start, length, pitch in notes[["start", "length", "pitch"]].tolist():
        while sounding and sounding[0][1] <= start:
            heappop(sounding)
        heappush(sounding, (-pitch, start + length))
        roof[start] = -sounding[0][0]
    top = notes[notes["pitch"] == [roof[start] for start in notes["start"].tolist()]]
    return top[np.concatenate([[True], top["start"][1:] != top["start"][:-1]])]


def _ngrams_of_line(line: np.ndarray) -> np.ndarray:
    symbols = np.diff(line["pitch"].astype(np.int64)) + 128
    if len(symbols) < N:
        return np.zeros(0, dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(symbols.astype(np.uint64), N)
    return np.unique(hash_rows(windows))


class NgramIndex:
    """Songs by their n-grams, to find those that share them.

    Parameters
    ----------
    postings : Postings
        The distinct n-grams of each song.
    """

    def __init__(self, postings: Postings) -> None:
        self.postings = postings
        self.sizes = np.bincount(postings.owners, minlength=postings.songs)

    def shares(self, grams: np.ndarray) -> np.ndarray:
        """Return how much of each song of the index is in these n-grams, 0 to 1, shape (songs,)."""
        in_common = np.bincount(self.postings.find(grams).song, minlength=len(self.sizes))
        smaller = np.minimum(self.sizes, len(grams))
        return np.where(smaller >= FEWEST, in_common / np.maximum(smaller, 1), 0.0)

    def nearest(self, grams: np.ndarray) -> Match | None:
        """Return the song that shares most, the earliest of equals; None if the index is empty."""
        if not len(self.sizes):
            return None
        shares = self.shares(grams)
        best = int(np.argmax(shares))
        return Match(best, float(shares[best]))


def find_duplicates(songs: Sequence[np.ndarray], threshold: float = THRESHOLD) -> np.ndarray:
    """Return which songs to drop so that no two that stay are the same tune; the earlier one stays.

    Parameters
    ----------
    songs : sequence of np.ndarray of uint64
        The distinct n-grams of each song (`interval_ngrams`).
    threshold : float
        Share of n-grams in common, 0 to 1, from which two songs are the same.

    Returns
    -------
    np.ndarray of int64, shape (dropped,)
        Indices, rising.
    """
    index = NgramIndex(gather_postings(songs, np.uint64))
    stays = np.ones(len(songs), dtype=bool)
    for number, grams in enumerate(songs):
        same = index.shares(grams)[:number] >= threshold
        stays[number] = not np.any(same & stays[:number])
    return np.flatnonzero(~stays)
