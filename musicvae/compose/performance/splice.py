"""Given music and new music in one song: the given notes as they were, joined at the seams."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musicvae.midi.editing.players import AROUND
from musicvae.midi.songs.measure_notes import measure_notes_to_song, song_to_measure_notes
from musicvae.midi.songs.notes import DEFAULT_VELOCITY
from musicvae.midi.songs.song import Song


def splice(source: Song, written: Song, is_new: np.ndarray) -> Song:
    """Return the source with new measures among its own, or after them.

    Notes of the source keep pitches, lengths and velocities, and the song its parts, tempi, title and
    markers; its last tempo goes on. New notes are as loud as is usual for their part in the measures
    around. At a seam a note
    sounds on where both sides have it; else it ends, or begins, at the barline.

    Parameters
    ----------
    source : Song
        What was given; its measures are the first ones of the piece.
    written : Song
        Up to the last new measure or further, in the source's grid and parts.
    is_new : np.ndarray of bool, shape (measures of the piece,)
    """
    ours, theirs = song_to_measure_notes(written), song_to_measure_notes(source)
    ours, theirs = ours[is_new[ours["measure"]]], theirs[~is_new[theirs["measure"]]]
    ours["velocity"] = usual_velocities(source, _find_near(source, is_new))[ours["part"]]
    meters = source.meters + written.meters[source.measures :]
    song = measure_notes_to_song(np.concatenate([theirs, ours]), meters, source.parts, source.grid)
    return replace(song, tempi=source.tempi, title=source.title, markers=source.markers)


def _find_near(song: Song, is_new: np.ndarray) -> np.ndarray:
    """Say which given notes lie in the measures around new ones, bool (notes,)."""
    is_around = np.convolve(is_new, np.ones(2 * AROUND + 1))[AROUND:-AROUND] > 0
    measure = np.searchsorted(song.measure_starts, song.notes["start"], side="right") - 1
    near: np.ndarray = (is_around & ~is_new)[measure]
    return near


def usual_velocities(song: Song, near: np.ndarray | None = None) -> np.ndarray:
    """Return how loud the notes of each part are, half of them softer; shape (parts,).

    Parameters
    ----------
    song : Song
    near : np.ndarray of bool, shape (notes,), optional
        The notes that count; of a part that has none of them all do.
    """
    everywhere = np.median(song.notes["velocity"]) if len(song.notes) else DEFAULT_VELOCITY
    usual = np.full(len(song.parts), everywhere, np.int16)
    for notes in (song.notes, *([] if near is None else [song.notes[near]])):
        for part in np.unique(notes["part"]):
            usual[part] = np.median(notes["velocity"][notes["part"] == part])
    return usual
