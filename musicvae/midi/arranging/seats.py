"""Seats: the parts of a song are its own instruments, at most eight.

Conventions
-----------
A *seat* is a part of a model at which any instrument may sit. The first one is for drums, if there is one for
them; at the others sit pitched instruments from the highest to the lowest, by the mean pitch of their notes:
so the order in which a file lists its tracks changes nothing. A seat where nobody sits is `VACANT`.

Tracks share a seat where one musician would play them: the two hands of a keyboard, and tracks of one program
and register that never sound together. Where there are more musicians than seats, those that are most alike
(by family, program and register) share one. Nothing that sounds is left out, but drums where there is no seat
for any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.midi.arranging.musicians import find_musicians, share_parts
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
_REDUCED = 0.05  # the share of the songs that may have more musicians than there are seats


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
    musicians = share_parts(find_musicians(song, tracks), most) if most else []
    vacant = most - len(musicians)
    sitting = ((drums,) if first else ()) + tuple(musician.tracks for musician in musicians) + ((),) * vacant
    parts = ((_drum_part(song, drums, tracks),) if first else ()) + tuple(
        _name(song.parts[musician.lead]) for musician in musicians
    )
    return Seating(sitting, parts + (VACANT,) * vacant)


def count_musicians(song: Song) -> int:
    """Return how many pitched instruments a song has, as seats count them."""
    return len(find_musicians(song, measure_tracks(song)))


def choose_seats(songs: Sequence[Song]) -> tuple[Part, ...]:
    """Return as many seats as songs need: all of them but for one in twenty."""
    sounding = [song for song in songs if len(song.notes)]
    with_drums = any(song.parts[part].is_drums for song in sounding for part in set(song.notes["part"]))
    counts = sorted(count_musicians(song) for song in sounding) or [1]
    needed = counts[int((1 - _REDUCED) * (len(counts) - 1))]
    least = 0 if with_drums else 1
    return make_seats(min(max(needed, least), MOST_SEATS - with_drums), with_drums)


def _drum_part(song: Song, drums: Sequence[int], tracks: Tracks) -> Part:
    """Return the drums of a song as a part, or their vacant seat."""
    if not drums:
        return NO_DRUMS
    kits = [(tracks.notes[track], song.parts[track].program, song.parts[track].name) for track in drums]
    _, program, name = max(kits)
    return _name(Part(name or DRUMS, program, is_drums=True))


def _name(part: Part) -> Part:
    """Return a part under a name by which no seat is called vacant."""
    return Part("", part.program, part.is_drums) if is_vacant(part) else part
