"""Songs <-> piano rolls, one for each measure.

Conventions
-----------
Rolls are boolean, of shape (N, parts, 2, T, 128): N measures of all songs together, T steps in the
longest of them, 128 pitches. Of the two planes, `ONSET` is true at the step where a note begins and
`SUSTAIN` at every step where it sounds, the first one too: so a note that is struck again differs from
one that is held. A note held over a barline sounds on in the next measure with no onset there. Steps
past the end of a shorter measure are false in the mask and in the rolls.

`songs_to_rolls` and, for each song, `rolls_to_song` are exact inverses for notes; velocities, tempi,
markers and the title are not kept. Rolls that no song has, as a model may make them, are read so: an
onset without sustain is a note of one step; sustain that goes on from nothing (after silence, or at the
very beginning) is a note that begins there; what lies past a measure's end is ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.songs.measure_notes import song_to_measure_notes
from musicvae.midi.songs.notes import DEFAULT_VELOCITY, NOTE
from musicvae.midi.songs.ranges import concat_ranges
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PITCHES = 128
PLANES = 2
ONSET, SUSTAIN = range(PLANES)

_MOST_BYTES = 1 << 30


class Rolls(NamedTuple):
    """The piano rolls of songs, their measures one after another."""

    rolls: np.ndarray  # bool (N, parts, 2, T, 128)
    mask: np.ndarray  # bool (N, T): steps that exist in the measure's meter
    song: np.ndarray  # int (N,): the song that each measure is of, by number


def songs_to_rolls(songs: Sequence[Song]) -> Rolls:
    """Return the piano roll of every measure of some songs.

    Parameters
    ----------
    songs : sequence of Song
        One or more, of one grid and as many parts each.

    Raises
    ------
    SongError
        If the rolls would take more than 1 GiB.
    ValueError
        If there is no song, or grids or numbers of parts differ.
    """
    if len({(song.grid, len(song.parts)) for song in songs}) != 1:
        raise ValueError("only songs of one grid and of as many parts have piano rolls together")
    mask = measure_mask([meter for song in songs for meter in song.meters], songs[0].grid)
    measures, steps, parts = *mask.shape, len(songs[0].parts)
    size = measures * parts * PLANES * steps * PITCHES
    if size > _MOST_BYTES:
        raise SongError(
            f"the piano rolls of {measures} measures would take {size / 2**30:.1f} GiB: "
            "give fewer songs, or shorter ones"
        )
    song_of_measure = np.repeat(np.arange(len(songs)), [song.measures for song in songs])
    by_song = [song_to_measure_notes(song) for song in songs]
    song_of_note = np.repeat(np.arange(len(songs)), [len(notes) for notes in by_song])
    notes = np.concatenate(by_song)
    measure = np.searchsorted(song_of_measure, song_of_note) + notes["measure"]
    cell = measure * steps + notes["step"]
    lane = notes["part"].astype(np.int64) * PITCHES + notes["pitch"]
    rolls = np.zeros((measures * steps, PLANES, parts * PITCHES), bool)
    draw_notes(rolls, cell, lane, ~notes["held"], concat_ranges(cell, notes["length"]))
    by_measure = rolls.reshape(measures, steps, PLANES, parts, PITCHES).transpose(0, 3, 2, 1, 4)
    return Rolls(by_measure, mask, song_of_measure)


def draw_notes(rolls: Any, cell: Any, lane: Any, begins: Any, sounding: tuple[Any, Any]) -> None:
    """Draw notes that are cut at the barlines into rolls; all are arrays, or all are tensors.

    Parameters
    ----------
    rolls : shape (cells, 2, lanes)
        A *cell* is a step of a measure, a *lane* a pitch of a part.
    cell, lane : int, shape (notes,)
        Where each note stands.
    begins : bool, shape (notes,)
        Whether it begins there; the others are held from the measure before.
    sounding : pair, both of int and one shape
        For every note each of the cells in which it sounds: the note's index, and the cell.
    """
    note, at = sounding
    rolls[:, ONSET][cell[begins], lane[begins]] = 1
    rolls[:, SUSTAIN][at, lane[note]] = 1


def measure_mask(meters: Sequence[Meter], grid: Grid) -> np.ndarray:
    """Return which steps exist in each measure, bool (N, T), T steps in the longest."""
    steps = np.array([meter.steps(grid) for meter in meters], dtype=np.int64)
    mask: np.ndarray = np.arange(steps.max(initial=0)) < steps[:, None]
    return mask


def rolls_to_song(rolls: np.ndarray, meters: Sequence[Meter], parts: Sequence[Part], grid: Grid) -> Song:
    """Return the song that piano rolls show. Inverse of `songs_to_rolls` for one song.

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
    wanted = (len(meters), len(parts), PLANES, steps, PITCHES)
    if rolls.ndim != len(wanted) or rolls[:, :, :, :steps].shape != wanted:
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
