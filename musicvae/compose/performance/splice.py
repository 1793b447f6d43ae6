"""Given music and new music in one song: the given notes as they were, joined at the seams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from musicvae.midi.songs.measure_notes import measure_notes_to_song, song_to_measure_notes
from musicvae.midi.songs.notes import DEFAULT_VELOCITY
from musicvae.midi.songs.song import Song


def splice(source: Song, written: Song, is_new: np.ndarray, parts: Sequence[int] | None = None) -> Song:
    """Return the source with new measures among its own, or after them.

    Notes of the source keep pitches, lengths and velocities, and the song its parts, tempi, title and
    markers; its last tempo goes on. New notes are as loud as is usual for their part. At a seam a note
    sounds on where both sides have it; else it ends, or begins, at the barline.

    Parameters
    ----------
    source : Song
        What was given; its measures are the first ones of the piece.
    written : Song
        Up to the last new measure or further, in the source's grid and parts.
    is_new : np.ndarray of bool, shape (measures of the piece,)
    parts : sequence of int, optional
        Those that are new there; all if left out.
    """

    def made(notes: np.ndarray) -> np.ndarray:
        new: np.ndarray = is_new[notes["measure"]]
        return new if parts is None else new & np.isin(notes["part"], parts)

    ours, theirs = song_to_measure_notes(written), song_to_measure_notes(source)
    ours, theirs = ours[made(ours)], theirs[~made(theirs)]
    ours["velocity"] = usual_velocities(source)[ours["part"]]
    meters = source.meters + written.meters[source.measures :]
    song = measure_notes_to_song(np.concatenate([theirs, ours]), meters, source.parts, source.grid)
    return replace(song, tempi=source.tempi, title=source.title, markers=source.markers)


def usual_velocities(song: Song) -> np.ndarray:
    """Return how loud the notes of each part are, half of them softer; shape (parts,)."""
    everywhere = np.median(song.notes["velocity"]) if len(song.notes) else DEFAULT_VELOCITY
    usual = np.full(len(song.parts), everywhere, np.int16)
    for part in np.unique(song.notes["part"]):
        usual[part] = np.median(song.notes["velocity"][song.notes["part"] == part])
    return usual
