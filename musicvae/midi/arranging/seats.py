"""Seats: the parts of a song are its own instruments, at most eight.

Conventions
-----------
A *seat* is a part of a model at which any instrument may sit. The first one is for drums, if there is one for
them; at the others sit pitched instruments from the highest to the lowest, by the mean pitch of their notes:
so the order in which a file lists its tracks changes nothing. A seat where nobody sits is `VACANT`.

Tracks share a seat where one player would play them: the two hands of a keyboard, and tracks of one program
and register that never sound together. Where there are more players than seats, those that are most alike
(by family, program and register) share one. Nothing that sounds is left out, but drums where there is no seat
for any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations
from typing import NamedTuple

import numpy as np

from musicvae.midi.arranging.tracks import Tracks, measure_tracks
from musicvae.midi.songs.instruments import (
    DRUM_KIT,
    DRUMS,
    FIRST_FAMILY,
    NOBODY,
    PROGRAMS_A_FAMILY,
    instrument_name,
)
from musicvae.midi.songs.song import Part, Song

SEATS = "seats"
MOST_SEATS = 8
_VACANT_NAME = "vacant"
VACANT, NO_DRUMS = Part(_VACANT_NAME), Part(_VACANT_NAME, is_drums=True)
NO_PROGRAM = -1  # of a vacant seat
_OCTAVE = 12  # semitones: tracks whose means are no further apart are of one register
_HARP = 46
_KEYBOARDS = frozenset((*range(24), _HARP))  # one player, two hands and as many staves
_MOST_STAVES = 3  # of a keyboard; more tracks of one program are players whose programs nobody set
_HAND = re.compile(r"left|right|hand|upper|lower|up|down|[lr]\.? ?h\.?|[^a-z]+", re.IGNORECASE)
_MANY = 64  # tracks
_REDUCED = 0.05  # the share of the songs that may have more players than there are seats


class Seating(NamedTuple):
    """Who sits where: the tracks of each seat, and of which of them its instrument is."""

    tracks: tuple[tuple[int, ...], ...]  # none of a vacant seat
    parts: tuple[Part, ...]


def make_seats(pitched: int, with_drums: bool) -> tuple[Part, ...]:
    """Return vacant seats: one for drums before so many others."""
    return (NO_DRUMS,) * with_drums + (VACANT,) * pitched


def is_vacant(part: Part) -> bool:
    """Say whether a part is a seat where nobody sits."""
    return part.name == _VACANT_NAME


def are_seats(parts: Sequence[Part]) -> bool:
    """Say whether parts are those of a model at which any instrument may sit."""
    return any(map(is_vacant, parts))


def take_seats(parts: Sequence[Part], programs: Sequence[int]) -> tuple[Part, ...]:
    """Return the parts of an ensemble, with instruments of such programs at its seats, or nobody."""
    return tuple(
        replace(part, name=instrument_name(replace(part, program=program)), program=program)
        if is_vacant(part) and program != NO_PROGRAM
        else part
        for part, program in zip(parts, programs, strict=True)
    )


def leave_vacant_seats(song: Song) -> Song:
    """Return a song without the seats where nobody sits and nothing is played."""
    playing = set(song.notes["part"].tolist())
    kept = [n for n, part in enumerate(song.parts) if not is_vacant(part) or n in playing]
    if len(kept) == len(song.parts):
        return song
    notes = song.notes.copy()
    notes["part"] = np.searchsorted(kept, notes["part"])
    return replace(song, notes=notes, parts=tuple(song.parts[n] for n in kept))


def list_programs(parts: Sequence[Part]) -> tuple[int, ...]:
    """Return the program of each part, NO_PROGRAM of a vacant seat: what `take_seats` is given."""
    return tuple(NO_PROGRAM if is_vacant(part) else part.program for part in parts)


def number_instruments(programs: np.ndarray, parts: Sequence[Part]) -> np.ndarray:
    """Return the kind of instrument at each seat by its number (`songs.instruments`), int (songs, parts).

    Parameters
    ----------
    programs : np.ndarray of int, shape (songs, parts)
        See `list_programs`.
    parts : sequence of Part
        Of the ensemble.
    """
    is_drums = np.array([part.is_drums for part in parts], bool)
    kinds = np.where(is_drums, DRUM_KIT, FIRST_FAMILY + programs.astype(np.int64) // PROGRAMS_A_FAMILY)
    return np.where(programs == NO_PROGRAM, NOBODY, kinds)


def seat_tracks(song: Song, seats: Sequence[Part]) -> Seating:
    """Return who of a song sits at which of some vacant seats.

    Drums have none where no seat is for them, and neither have pitched tracks where all are.
    """
    tracks, first = measure_tracks(song), sum(seat.is_drums for seat in seats)
    drums = tuple(
        track for track, part in enumerate(song.parts) if part.is_drums and tracks.notes[track] and first
    )
    most = len(seats) - first
    players = _reduce(_find_players(song, tracks), most) if most else []
    vacant = most - len(players)
    sitting = ((drums,) if first else ()) + tuple(player.tracks for player in players) + ((),) * vacant
    parts = ((_drum_part(song, drums, tracks),) if first else ()) + tuple(
        _name(song.parts[player.lead]) for player in players
    )
    return Seating(sitting, parts + (VACANT,) * vacant)


def count_players(song: Song) -> int:
    """Return how many pitched instruments a song has, as seats count them."""
    return len(_find_players(song, measure_tracks(song)))


def choose_seats(songs: Sequence[Song]) -> tuple[Part, ...]:
    """Return as many seats as songs need: all of them but for one in twenty."""
    sounding = [song for song in songs if len(song.notes)]
    with_drums = any(song.parts[part].is_drums for song in sounding for part in set(song.notes["part"]))
    counts = sorted(count_players(song) for song in sounding) or [1]
    needed = counts[int((1 - _REDUCED) * (len(counts) - 1))]
    least = 0 if with_drums else 1
    return make_seats(min(max(needed, least), MOST_SEATS - with_drums), with_drums)


@dataclass(frozen=True, eq=False)
class _Player:
    """Tracks that one player plays."""

    tracks: tuple[int, ...]
    lead: int  # the track with most notes, whose instrument it is
    program: int
    pitches: int  # sum over the notes
    start: np.ndarray  # of all notes, sorted
    end: np.ndarray  # of all notes, sorted

    @property
    def notes(self) -> int:
        return len(self.start)

    @property
    def register(self) -> float:
        return self.pitches / self.notes

    @property
    def place(self) -> tuple[float, ...]:
        """By which players are put in order: from high to low, and by what they play where they are alike."""
        return (-self.register, self.program, -self.notes, int(self.start[0]), int(self.end.sum()))

    def join(self, other: _Player) -> _Player:
        lead = max((self, other), key=lambda player: player.notes)
        return _Player(
            self.tracks + other.tracks,
            lead.lead,
            lead.program,
            self.pitches + other.pitches,
            np.sort(np.concatenate([self.start, other.start])),
            np.sort(np.concatenate([self.end, other.end])),
        )

    def sounds_with(self, other: _Player) -> bool:
        """Say whether the two ever sound together."""
        begun = np.searchsorted(self.start, other.end, side="left")
        return bool((begun > np.searchsorted(self.end, other.start, side="right")).any())

    def distance(self, other: _Player) -> tuple[bool, bool, float]:
        """Return how unlike the two are: by family, then by program, then by register."""
        mine, yours = self.program, other.program
        families = mine // PROGRAMS_A_FAMILY != yours // PROGRAMS_A_FAMILY
        return families, mine != yours, abs(self.register - other.register)


def _find_players(song: Song, tracks: Tracks) -> list[_Player]:
    """Return the pitched players of a song, from high to low."""
    players = [_make_player(song, track) for track in np.flatnonzero(tracks.is_pitched).tolist()]
    if len(players) > _MANY:
        players = _join_alike(players)
    players = sorted(_join_hands(song, players, tracks), key=lambda player: player.place)
    while (pair := next(_who_take_turns(players), None)) is not None:
        players = _join(players, *pair)
    return players


def _join_alike(players: Sequence[_Player]) -> list[_Player]:
    """Return a player for each program: where there are very many, to compare all pairs would take hours."""
    by_program: dict[int, _Player] = {}
    for player in sorted(players, key=lambda player: player.place):
        before = by_program.get(player.program)
        by_program[player.program] = player if before is None else before.join(player)
    return list(by_program.values())


def _make_player(song: Song, track: int) -> _Player:
    notes = song.notes[song.notes["part"] == track]
    start = notes["start"].astype(np.int64)
    program = song.parts[track].program
    pitches = int(notes["pitch"].sum(dtype=np.int64))
    return _Player((track,), track, program, pitches, np.sort(start), np.sort(start + notes["length"]))


def _join_hands(song: Song, players: Sequence[_Player], tracks: Tracks) -> Iterator[_Player]:
    """Yield the players, the few tracks of a keyboard as one unless they have other names or are lines."""
    instruments: dict[tuple[int, str], list[_Player]] = {}
    for player in players:
        called = _HAND.sub("", song.parts[player.lead].name).casefold()
        instruments.setdefault((player.program, called), []).append(player)
    for (program, _), alike in instruments.items():
        in_lines = all(tracks.is_line[player.lead] for player in alike)
        if program in _KEYBOARDS and len(alike) <= _MOST_STAVES and not in_lines:
            yield reduce(_Player.join, sorted(alike, key=lambda player: player.place))
        else:
            yield from alike


def _who_take_turns(players: Sequence[_Player]) -> Iterator[tuple[_Player, _Player]]:
    """Yield pairs of one program and register that never sound together."""
    for one, other in combinations(players, 2):
        alike = one.program == other.program and abs(one.register - other.register) <= _OCTAVE
        if alike and not one.sounds_with(other):
            yield one, other


def _reduce(players: list[_Player], most: int) -> list[_Player]:
    """Let those share a seat that are most alike, until there are no more than so many."""
    while len(players) > most:
        pairs = list(combinations(players, 2))
        players = _join(players, *min(pairs, key=lambda pair: pair[0].distance(pair[1])))
    return players


def _join(players: Sequence[_Player], one: _Player, other: _Player) -> list[_Player]:
    """Return the players, from high to low, two of them as one."""
    others = [player for player in players if player not in (one, other)]
    return sorted([*others, one.join(other)], key=lambda player: player.place)


def _drum_part(song: Song, drums: Sequence[int], tracks: Tracks) -> Part:
    """Return the drums of a song as a part, or their vacant seat."""
    if not drums:
        return NO_DRUMS
    kits = [(tracks.notes[track], song.parts[track].program, song.parts[track].name) for track in drums]
    _, program, name = max(kits)
    part = Part(name, program, is_drums=True)
    return _name(Part(part.name or DRUMS, part.program, is_drums=True))


def _name(part: Part) -> Part:
    """Return a part under a name by which no seat is called vacant."""
    return Part("", part.program, part.is_drums) if is_vacant(part) else part
