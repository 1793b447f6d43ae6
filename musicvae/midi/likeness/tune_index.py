"""What a piece shares with the songs of an index: the nearest one, and whole runs of measures.

Conventions
-----------
The nearest song is the one with which a piece shares most interval n-grams, of all its lines
together and whatever the rhythm (`musicvae.midi.likeness.ngrams`): likeness, from 0 to 1.

A piece *repeats* a song where eight measures of it in a row are in that song, in the same rhythm and in
all parts, at any pitch (`musicvae.midi.likeness.measure_windows`): a copy, yes or no.

The index is compact: hashes and the numbers of songs, not a note of the music. A tune of 18 measures takes
about 600 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from musicvae.midi.likeness.measure_windows import hash_windows
from musicvae.midi.likeness.ngrams import NgramIndex, part_ngrams
from musicvae.midi.likeness.postings import Postings, gather_postings
from musicvae.midi.songs.song import Song
from musicvae.provenance import Nearest

MEASURES = 8  # in a row, from which on music is repeated and not just alike


class Repeat(NamedTuple):
    """Measures of a piece that are in one song: its title, the first of them (from 0), how many in a row."""

    title: str
    first: int
    measures: int


@dataclass(frozen=True, eq=False)
class TuneIndex:
    """The songs that pieces are compared with.

    Parameters
    ----------
    titles : tuple of str
        One for each song. Trainings name songs without one by their files; where older ones kept "", a song
        is called by its number.
    ngrams : Postings of uint32
    windows : Postings of uint64
    measures : int
        Of a window.

    Raises
    ------
    ValueError
        If titles and postings are not of equally many songs, or a window has no measure.
    """

    titles: tuple[str, ...]
    ngrams: Postings
    windows: Postings
    measures: int = MEASURES

    def __post_init__(self) -> None:
        if not self.ngrams.songs == self.windows.songs == len(self.titles):
            counts = f"{self.ngrams.songs} songs by n-grams and {self.windows.songs} by windows"
            raise ValueError(f"{len(self.titles)} titles for {counts}")
        if self.measures < 1:
            raise ValueError(f"windows need at least one measure, got {self.measures}")

    def nearest(self, song: Song) -> Nearest | None:
        """Return the song that shares most with a piece; None if none shares anything."""
        match = self._likeness.nearest(_short_ngrams(song))
        return Nearest(self._name(match.song), match.share) if match and match.share > 0 else None

    def repeats(self, song: Song) -> Repeat | None:
        """Return the longest run of a piece's measures of which one song has every window; None without."""
        windows = hash_windows(song, self.measures)
        query, owner = self.windows.find(windows.hashes)
        if not len(owner):
            return None
        order = np.lexsort((query, owner))
        owner, first = owner[order], windows.first[query[order]]
        goes_on = (owner[1:] == owner[:-1]) & (first[1:] == first[:-1] + 1)
        begins = np.flatnonzero(np.concatenate([[True], ~goes_on]))
        lengths = np.diff(begins, append=len(owner))
        longest = np.argmax(lengths)
        begin = begins[longest]
        measures = int(lengths[longest]) + self.measures - 1
        return Repeat(self._name(int(owner[begin])), int(first[begin]), measures)

    def knows_windows(self, song: Song) -> np.ndarray:
        """Return of each window of a piece whether a song has it, bool, shape (windows,)."""
        return np.isin(hash_windows(song, self.measures).hashes, self.windows.hashes)

    def _name(self, song: int) -> str:
        return self.titles[song] or f"song {song + 1}, which has no title"

    @cached_property
    def _likeness(self) -> NgramIndex:
        return NgramIndex(self.ngrams)


def index_tunes(songs: Iterable[Song], measures: int = MEASURES) -> TuneIndex:
    """Return the index of some songs, each looked at once.

    Parameters
    ----------
    songs : iterable of Song
    measures : int
        In a row that are a repeat.
    """
    titles, ngrams, windows = [], [], []
    for song in songs:
        titles.append(song.title)
        ngrams.append(_short_ngrams(song))
        windows.append(np.unique(hash_windows(song, measures).hashes))
    return TuneIndex(
        tuple(titles), gather_postings(ngrams, np.uint32), gather_postings(windows, np.uint64), measures
    )


def _short_ngrams(song: Song) -> np.ndarray:
    """Return the distinct n-grams of a song in 32 bits.

    Two n-grams that differ have one number in a case of 4 billion, so that of the 100 n-grams of a
    piece one equals one of the 200,000 of 2,900 tunes by chance once in 200 pieces, and of 20 million
    once a piece. It then adds 0.01 to the share of one song, seldom the nearest. A window is a matter of
    yes or no, and keeps its 64 bits.
    """
    return np.unique(part_ngrams(song).astype(np.uint32))
