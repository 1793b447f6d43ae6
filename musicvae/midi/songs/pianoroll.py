"""Songs <-> piano rolls, one for each measure.

Conventions
-----------
Rolls are boolean, of shape (N, parts, 2, T, 128): N measures, T steps in the longest of them,
128 pitches. Of the two planes, `ONSET` is true at the step where a note begins and `SUSTAIN` at
every step where it sounds, the first one too: so a note that is struck again differs from one
that is held. A note held over a barline sounds on in the next measure with no onset there.
Steps past the end of a shorter measure are false in the mask and in the rolls.

`song_to_rolls` and `rolls_to_song` are exact inverses for notes; velocities, tempi, markers
and the title are not kept. Rolls that no song has, as a model may make them, are read so: an
onset without sustain is a note of one step; sustain that goes on from nothing (after silence,
or at the very beginning) is a note that begins there; what lies past a measure's end is ignored.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.songs.notes import DEFAULT_VELOCITY, NOTE
from musicvae.midi.songs.ranges import spread_spans
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PITCHES = 128
ONSET, SUSTAIN = 0, 1

_MOST_BYTES = 1 << 30


class Rolls(NamedTuple):
    """The piano rolls of a song."""

    rolls: np.ndarray  # bool (N, parts, 2, T, 128)
    mask: np.ndarray  # bool (N, T): steps that exist in the measure's meter


def song_to_rolls(song: Song) -> Rolls:
    """Return the piano roll of every measure of a song.

    Raises
    ------
    SongError
        If the rolls would take more than 1 GiB.
    """
    mask = measure_mask(song.meters, song.grid)
    shape = (song.measures, len(song.parts), 2, mask.shape[1], PITCHES)
    _require_room(shape)
    rolls = np.zeros(shape, bool)
    measure, step = np.nonzero(mask)  # of every step of the song
    note, sounding = spread_spans(song.notes["start"], song.notes["length"])
    onset = song.notes["start"]
    part, pitch = song.notes["part"], song.notes["pitch"]
    rolls[measure[onset], part, ONSET, step[onset], pitch] = True
    rolls[measure[sounding], part[note], SUSTAIN, step[sounding], pitch[note]] = True
    return Rolls(rolls, mask)


def measure_mask(meters: Sequence[Meter], grid: Grid) -> np.ndarray:
    """Return which steps exist in each measure, bool (N, T), T steps in the longest."""
    steps = np.array([meter.steps(grid) for meter in meters], dtype=np.int64)
    mask: np.ndarray = np.arange(steps.max(initial=0)) < steps[:, None]
    return mask


def _require_room(shape: tuple[int, ...]) -> None:
    """Refuse rolls that would fill the memory, before they do."""
    size = math.prod(shape)
    if size > _MOST_BYTES:
        raise SongError(
            f"the piano rolls of {shape[0]} measures would take {size / 2**30:.1f} GiB: "
            "cut the song into shorter ones"
        )


def rolls_to_song(rolls: np.ndarray, meters: Sequence[Meter], parts: Sequence[Part], grid: Grid) -> Song:
    """Return the song that piano rolls show. Inverse of song_to_rolls.

    Parameters
    ----------
    rolls : np.ndarray of bool, shape (N, parts, 2, T, 128)
        T may be more than the longest measure needs.
    meters : sequence of Meter, N of them
    parts : sequence of Part
    grid : Grid

    Raises
    ------
    ValueError
        If the shape of the rolls does not go with the meters, the parts and the grid.
    """
    mask = measure_mask(meters, grid)
    steps = mask.shape[1]
    if (
        rolls.shape[:3] != (len(meters), len(parts), 2)
        or rolls.shape[3] < steps
        or rolls.shape[4:] != (PITCHES,)
    ):
        wanted = (len(meters), len(parts), 2, steps, PITCHES)
        raise ValueError(f"rolls of these meters and parts have shape {wanted}, got {rolls.shape}")
    onset = _unroll(rolls[:, :, ONSET, :steps], mask)
    sounding = _unroll(rolls[:, :, SUSTAIN, :steps], mask) | onset
    return Song(_find_notes(onset, sounding), tuple(meters), tuple(parts), grid)


def _unroll(plane: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Lay the measures end to end: (N, parts, T, 128) to (parts, 128, steps of the song)."""
    return np.ascontiguousarray(plane.astype(bool, copy=False).transpose(1, 3, 0, 2)[:, :, mask])


def _find_notes(onset: np.ndarray, sounding: np.ndarray) -> np.ndarray:
    """Return the notes of two planes of shape (parts, 128, steps)."""
    silence = np.zeros((*sounding.shape[:2], 1), bool)
    before = np.concatenate([silence, sounding], axis=2)  # at each step: whether the last one sounded
    begins = np.concatenate([onset | (sounding & ~before[:, :, :-1]), silence], axis=2)
    ends = before & (begins | ~np.concatenate([sounding, silence], axis=2))
    # In this order of axes the notes of one pitch follow each other, so the nth end is the nth note's.
    part, pitch, start = np.nonzero(begins)
    notes = np.empty(len(start), NOTE)
    notes["start"], notes["pitch"], notes["part"] = start, pitch, part
    notes["length"] = np.nonzero(ends)[2] - start
    notes["velocity"] = DEFAULT_VELOCITY
    return notes
