"""Given music and new music in one song: the given notes as they were, joined at the seams."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musicvae.midi.measure_notes import measure_notes_to_song, song_to_measure_notes
from musicvae.midi.song import DEFAULT_VELOCITY, Song


def splice(source: Song, written: Song, is_new: np.ndarray) -> Song:
    """Return the written song with all measures that are not new taken from the source.

    Notes of the source keep pitches, lengths and velocities, and the song its parts, tempi, title and
    markers. At a seam a note sounds on where both sides have it; else it ends, or begins, at the barline.

    Parameters
    ----------
    source : Song
        What was given; its measures are the first ones of the piece.
    written : Song
        The whole piece, of at least as many measures, in the source's grid and parts.
    is_new : np.ndarray of bool, shape (measures of the piece,)
    """
    ours, theirs = song_to_measure_notes(written), song_to_measure_notes(source)
    ours, theirs = ours[is_new[ours["measure"]]], theirs[~is_new[theirs["measure"]]]
    ours["velocity"] = _usual_velocity(source)
    cut = np.concatenate([theirs, ours])
    song = measure_notes_to_song(cut, written.meters, source.parts, source.grid)
    return replace(song, tempi=source.tempi, title=source.title, markers=source.markers)


def _usual_velocity(song: Song) -> int:
    """Return how loud the notes of a song are, half of them softer."""
    return int(np.median(song.notes["velocity"])) if len(song.notes) else DEFAULT_VELOCITY
