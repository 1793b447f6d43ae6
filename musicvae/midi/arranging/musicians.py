"""The musicians of a song: tracks that one of them plays, and who of them share a part where there are few.

One musician plays the two hands of a keyboard, and tracks of one program and register that never sound
together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

import numpy as np

from musicvae.midi.arranging.tracks import Tracks
from musicvae.midi.songs.instruments import PROGRAMS_A_FAMILY
from musicvae.midi.songs.song import Song

_OCTAVE = 12  # semitones: tracks whose means are no further apart are of one register
_HARP = 46
_KEYBOARDS = frozenset((*range(24), _HARP))  # one musician, two hands and as many staves
_MOST_STAVES = 3  # of a keyboard; more tracks of one program are musicians whose programs nobody set
_HAND = re.compile(r"left|right|hand|upper|lower|up|down|[lr]\.? ?h\.?|[^a-z]+", re.IGNORECASE)
_MANY = 64  # tracks


@dataclass(frozen=True, eq=False)
class Musician:
    """Tracks that one musician plays."""

    tracks: tuple[int, ...]
    lead: int  # the track with most notes, whose instrument it is
    program: int
    pitches: int  # sum over the notes
    start: np.ndarray  # of all notes, sorted
    end: np.ndarray  # of all notes, sorted

    @property
    def notes(self) -> int:
        """Number of notes."""
        return len(self.start)

    @property
    def register(self) -> float:
        """Mean pitch."""
        return self.pitches / self.notes

    @property
    def place(self) -> tuple[float, ...]:
        """By which they are put in order: from high to low, and by what they play where they are alike."""
        return (-self.register, self.program, -self.notes, int(self.start[0]), int(self.end.sum()))

    def join(self, other: Musician) -> Musician:
        """Return the tracks of both as those of one."""
        lead = max((self, other), key=lambda musician: musician.notes)
        return Musician(
            self.tracks + other.tracks,
            lead.lead,
            lead.program,
            self.pitches + other.pitches,
            np.sort(np.concatenate([self.start, other.start])),
            np.sort(np.concatenate([self.end, other.end])),
        )

    def sounds_with(self, other: Musician) -> bool:
        """Say whether the two ever sound together."""
        begun = np.searchsorted(self.start, other.end, side="left")
        return bool((begun > np.searchsorted(self.end, other.start, side="right")).any())

    def distance(self, other: Musician) -> tuple[bool, bool, float]:
        """Return how unlike the two are: by family, then by program, then by register."""
        mine, yours = self.program, other.program
        families = mine // PROGRAMS_A_FAMILY != yours // PROGRAMS_A_FAMILY
        return families, mine != yours, abs(self.register - other.register)


def find_musicians(song: Song, tracks: Tracks) -> list[Musician]:
    """Return the pitched musicians of a song, from high to low."""
    musicians = [_make_musician(song, track) for track in np.flatnonzero(tracks.is_pitched).tolist()]
    if len(musicians) > _MANY:
        musicians = _join_alike(musicians)
    musicians = sorted(_join_hands(song, musicians, tracks), key=lambda musician: musician.place)
    while (pair := next(_who_take_turns(musicians), None)) is not None:
        musicians = _join(musicians, *pair)
    return musicians


def _join_alike(musicians: Sequence[Musician]) -> list[Musician]:
    """Return a musician for each program: where there are very many, all pairs would take hours."""
    by_program: dict[int, Musician] = {}
    for musician in sorted(musicians, key=lambda musician: musician.place):
        before = by_program.get(musician.program)
        by_program[musician.program] = musician if before is None else before.join(musician)
    return list(by_program.values())


def _make_musician(song: Song, track: int) -> Musician:
    notes = song.notes[song.notes["part"] == track]
    start = notes["start"].astype(np.int64)
    program = song.parts[track].program
    pitches = int(notes["pitch"].sum(dtype=np.int64))
    return Musician((track,), track, program, pitches, np.sort(start), np.sort(start + notes["length"]))


def _join_hands(song: Song, musicians: Sequence[Musician], tracks: Tracks) -> Iterator[Musician]:
    """Yield the musicians, the few tracks of a keyboard as one unless they have other names or are lines."""
    instruments: dict[tuple[int, str], list[Musician]] = {}
    for musician in musicians:
        called = _HAND.sub("", song.parts[musician.lead].name).casefold()
        instruments.setdefault((musician.program, called), []).append(musician)
    for (program, _), alike in instruments.items():
        in_lines = all(tracks.is_line[musician.lead] for musician in alike)
        if program in _KEYBOARDS and len(alike) <= _MOST_STAVES and not in_lines:
            yield reduce(Musician.join, sorted(alike, key=lambda musician: musician.place))
        else:
            yield from alike


def _who_take_turns(musicians: Sequence[Musician]) -> Iterator[tuple[Musician, Musician]]:
    """Yield pairs of one program and register that never sound together."""
    for one, other in combinations(musicians, 2):
        alike = one.program == other.program and abs(one.register - other.register) <= _OCTAVE
        if alike and not one.sounds_with(other):
            yield one, other


def share_parts(musicians: list[Musician], most: int) -> list[Musician]:
    """Let those share a seat that are most alike, until there are no more than so many."""
    while len(musicians) > most:
        pairs = list(combinations(musicians, 2))
        musicians = _join(musicians, *min(pairs, key=lambda pair: pair[0].distance(pair[1])))
    return musicians


def _join(musicians: Sequence[Musician], one: Musician, other: Musician) -> list[Musician]:
    """Return the musicians, from high to low, two of them as one."""
    others = [musician for musician in musicians if musician not in (one, other)]
    return sorted([*others, one.join(other)], key=lambda musician: musician.place)
