"""What the tracks of a song are like, and which of them is the melody and which the bass.

Conventions
-----------
The tracks are the parts of a song as it was read. A *single line* is a track that hardly ever
sounds two notes at once: no more than one note in twenty begins while another goes on for
more than half of its length, so that a legato or a rare double stop does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.songs.instruments import label_parts
from musicvae.midi.songs.song import Part, Song

_MOST_OVERLAP = 0.05  # share of the notes of a single line
_FEWEST_ONSETS = 0.25  # of the busiest track's, for a melody that is not called one
_WORTH_OF_A_LINE = 12  # semitones: the left hand of a piano is no melody, an oboe below strings is
_BASS_PROGRAMS = range(32, 40)
# "Lead" counts at the beginning alone: "Sawtooth Lead" and "Lead 2" are the names of sounds.
_MELODY_NAME = re.compile(
    r"(?<![a-z])(melod|vocal|voice|voix|vox|sopran|sop(?![a-z])|solo|tune|cant[ou])|^lead(?!er|.\d)",
    re.IGNORECASE,
)
_BASS_NAME = re.compile(r"(?<![a-z])(double|contra)?bass(?![a-z])", re.IGNORECASE)


class Tracks(NamedTuple):
    """Figures of the tracks of a song, each of shape (tracks,)."""

    notes: np.ndarray  # number of notes
    onsets: np.ndarray  # number of steps at which notes begin
    mean_pitch: np.ndarray  # 0 where there are no notes
    is_line: np.ndarray  # whether it is a single line
    is_pitched: np.ndarray  # whether it has notes and is not drums


def measure_tracks(song: Song) -> Tracks:
    """Return the figures of every track of a song."""
    tracks = len(song.parts)
    order = np.lexsort((song.notes["start"], song.notes["part"]))
    part = song.notes["part"][order]
    # Tracks one after another on one line of time, so that all are measured at once.
    start = song.notes["start"][order] + part.astype(np.int64) * (song.steps + 1)
    length = song.notes["length"][order]
    latest_end = np.maximum.accumulate(np.concatenate([[0], start + length]))[:-1]
    overlaps = 2 * (latest_end - start) > length
    begins = np.diff(start, prepend=-1) > 0

    notes = np.bincount(part, minlength=tracks)
    some = np.maximum(notes, 1)
    return Tracks(
        notes=notes,
        onsets=np.bincount(part, begins, minlength=tracks),
        mean_pitch=np.bincount(part, song.notes["pitch"][order], minlength=tracks) / some,
        is_line=np.bincount(part, overlaps, minlength=tracks) / some <= _MOST_OVERLAP,
        is_pitched=(notes > 0) & ~np.array([track.is_drums for track in song.parts], bool),
    )


def find_melody(song: Song, tracks: Tracks, candidates: np.ndarray, known: int | None = None) -> np.ndarray:
    """Say which track is most like a melody, bool (tracks,): one, or none if there are no candidates.

    The one that is known to be comes first, then one that is called so; then the highest on average, where
    being a single line is worth an octave. One that hardly plays is taken only if it is called so, or no
    other is left.

    Parameters
    ----------
    song : Song
    tracks : Tracks
    candidates : np.ndarray of bool, shape (tracks,)
    known : int, optional
        The track that somebody said is the melody, or that words are sung in.
    """
    if known is not None and tracks.is_pitched[known]:
        return np.arange(len(song.parts)) == known
    is_called_so = np.array([bool(_MELODY_NAME.search(track.name)) for track in song.parts], bool)
    plays = tracks.onsets >= _FEWEST_ONSETS * tracks.onsets[candidates].max(initial=0)
    height = tracks.mean_pitch + _WORTH_OF_A_LINE * tracks.is_line
    order = np.lexsort((height, plays, is_called_so, candidates))
    return _only(order[-1:], candidates)


def find_track(parts: Sequence[Part], named: str) -> int:
    """Return the part that is named by its number, counted from 1, its label or its name.

    Raises
    ------
    SongError
        If there is none; the message names all.
    """
    labels = label_parts(parts)
    if named.isdecimal() and 1 <= int(named) <= len(parts):
        return int(named) - 1
    for names in (labels, [part.name.strip() for part in parts]):
        for track, name in enumerate(names):
            if name.casefold() == named.strip().casefold():
                return track
    offered = ", ".join(f"{number} {label}" for number, label in enumerate(labels, 1))
    raise SongError(f"no track is called {named!r}: name one of {offered}")


def find_basses(song: Song, tracks: Tracks) -> np.ndarray:
    """Say which tracks are the bass by their program or their name, bool (tracks,)."""
    is_bass = [track.program in _BASS_PROGRAMS or bool(_BASS_NAME.search(track.name)) for track in song.parts]
    return np.array(is_bass, bool) & tracks.is_pitched


def find_lowest_line(tracks: Tracks, candidates: np.ndarray) -> np.ndarray:
    """Say which single line is lowest on average, bool (tracks,): one, or none if there is none.

    Parameters
    ----------
    tracks : Tracks
    candidates : np.ndarray of bool, shape (tracks,)
    """
    lines = candidates & tracks.is_line
    order = np.lexsort((tracks.mean_pitch, ~lines))
    return _only(order[:1], lines)


def _only(track: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    """Return the candidates without all but one track."""
    chosen = np.zeros(len(candidates), bool)
    chosen[track] = candidates[track]
    return chosen
