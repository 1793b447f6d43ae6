"""Ensembles: whatever tracks a song has, the parts of a model come out.

Conventions
-----------
`seats` are the song's own instruments (`seats`): what songs are laid out for unless another is asked for. The
others are arrangements, of the same few parts for every song (`arrangements`). Either has all parts of its
ensemble, empty ones too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.midi.arranging.arrangements import ENSEMBLES, NOWHERE, arrange_notes, find_arranged_parts
from musicvae.midi.arranging.seats import MOST_SEATS, SEATS, Seating, make_seats, seat_tracks
from musicvae.midi.songs.instruments import label_parts
from musicvae.midi.songs.notes import hold_struck_again, tidy_notes
from musicvae.midi.songs.notices import DOUBLED, Notice, NoticedSong, name_some
from musicvae.midi.songs.song import Part, Song


class Ensemble(NamedTuple):
    """The parts that songs are laid out for; those of seats are vacant.

    Parameters
    ----------
    name : str
        A key of ENSEMBLES, or "seats".
    parts : tuple of Part
    """

    name: str
    parts: tuple[Part, ...]


def find_ensemble(name: Ensemble | str) -> Ensemble:
    """Return the ensemble of a name, or that is given; as many seats as there can be, if they are named.

    Raises
    ------
    ValueError
        If there is none.
    """
    if isinstance(name, Ensemble):
        return name
    if name == SEATS:
        return Ensemble(SEATS, make_seats(MOST_SEATS - 1, with_drums=True))
    if name not in ENSEMBLES:
        raise ValueError(f"no ensemble {name!r}: choose one of {', '.join((*ENSEMBLES, SEATS))}")
    return Ensemble(name, ENSEMBLES[name])


def arrange(song: Song, ensemble: Ensemble | str, melody: int | None = None) -> NoticedSong:
    """Return the song in the parts of an ensemble, with what was left out.

    Parameters
    ----------
    song : Song
    ensemble : Ensemble or str
        One, or its name.
    melody : int, optional
        The track that is known to be the melody; found if not given.

    Raises
    ------
    ValueError
        If there is no such ensemble.
    """
    ensemble = find_ensemble(ensemble)
    return _seat(song, ensemble) if ensemble.name == SEATS else arrange_notes(song, ensemble.name, melody)


def find_parts(song: Song, ensemble: Ensemble | str, melody: int | None = None) -> np.ndarray:
    """Return the part of an ensemble that each note of a song goes to, or NOWHERE, int (notes,).

    Raises
    ------
    ValueError
        If there is no such ensemble.
    """
    ensemble = find_ensemble(ensemble)
    if ensemble.name == SEATS:
        return _find_seats(song, seat_tracks(song, ensemble.parts))
    return find_arranged_parts(song, ensemble.name, melody)


def _find_seats(song: Song, seating: Seating) -> np.ndarray:
    """Return the seat of each note of a song, or NOWHERE, int (notes,)."""
    seat_of_track = np.full(len(song.parts), NOWHERE)
    for seat, tracks in enumerate(seating.tracks):
        seat_of_track[list(tracks)] = seat
    seat_of_note: np.ndarray = seat_of_track[song.notes["part"]]
    return seat_of_note


def _seat(song: Song, ensemble: Ensemble) -> NoticedSong:
    """Return a song in seats, and who shares one or has none."""
    seating, track = seat_tracks(song, ensemble.parts), song.notes["part"]
    seat_of_note = _find_seats(song, seating)
    notes = song.notes[seat_of_note != NOWHERE].copy()
    notes["part"] = seat_of_note[seat_of_note != NOWHERE]
    tidy, labels = tidy_notes(hold_struck_again(notes)), label_parts(song.parts)
    shared = [" and ".join(labels[each] for each in tracks) for tracks in seating.tracks if len(tracks) > 1]
    standing = np.unique(track[seat_of_note == NOWHERE]).tolist()
    told = (
        Notice("parts that several tracks share", len(shared), name_some(shared)),
        Notice("tracks left out", len(standing), name_some(labels[each] for each in standing)),
        Notice(DOUBLED, len(notes) - len(tidy)),
    )
    seated = replace(song, notes=tidy, parts=seating.parts)
    return NoticedSong(seated, tuple(notice for notice in told if notice.count))
