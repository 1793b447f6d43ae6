"""Songs with wrong notes, in two ways.

`drop_and_move`: of the spoiled notes half are dropped, the others moved by 1 to 4 sixteenths or semitones, at
even odds: what `denoise` takes for granted. `mix`: as a DAE's measures go wrong in training
(`measures.data.wrong_notes`), with stretched and extra notes, and errors of up to 12 semitones and 8
sixteenths, small ones more often.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musicvae.measures.data.wrong_notes import (
    DROPPED,
    EXTRA,
    MOST_SEMITONES,
    MOST_SIXTEENTHS,
    REPITCHED,
    SHIFTED,
    STRETCHED,
)
from musicvae.midi.songs.notes import tidy_notes
from musicvae.midi.songs.song import Song

FARTHEST = 4  # sixteenths or semitones that a note is moved by


def drop_and_move(song: Song, share: float, rng: np.random.Generator) -> Song:
    """Return a song of which this share of the notes is spoiled: half of these dropped, half moved."""
    dropped, moved = np.array_split(_choose(song, share, rng), 2)
    notes = song.notes.copy()
    by = rng.integers(1, FARTHEST + 1, len(moved)) * rng.choice([-1, 1], len(moved))
    in_time = rng.random(len(moved)) < 0.5
    notes["pitch"][moved] += np.where(in_time, 0, by).astype(np.int16)
    notes["start"][moved] += np.where(in_time, by * song.grid.sixteenth, 0).astype(np.int32)
    return _with(song, np.delete(notes, dropped))


def mix(song: Song, share: float, rng: np.random.Generator) -> Song:
    """Return a song of which this share of the notes is spoiled, each in one of five ways."""
    chosen = _choose(song, share, rng)
    way = rng.choice(5, len(chosen), p=(DROPPED, REPITCHED, SHIFTED, STRETCHED, EXTRA))
    dropped, repitched, shifted, stretched, beside = (chosen[way == number] for number in range(5))
    notes = song.notes.copy()
    notes["pitch"][repitched] += _sizes(len(repitched), MOST_SEMITONES, rng).astype(np.int16)
    notes["start"][shifted] += _in_time(song, len(shifted), rng)
    notes["length"][stretched] += _in_time(song, len(stretched), rng)
    extra = notes[beside]
    extra["pitch"] += _sizes(len(extra), MOST_SEMITONES, rng).astype(np.int16)
    extra["start"] += _in_time(song, len(extra), rng)
    return _with(song, np.concatenate([np.delete(notes, dropped), extra]))


def _choose(song: Song, share: float, rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(len(song.notes))[: max(1, round(share * len(song.notes)))]


def _sizes(count: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """Return errors of 1 to `most`, each size as often as 1 / size, up or down."""
    share = 1 / np.arange(1, most + 1)
    return (rng.choice(most, count, p=share / share.sum()) + 1) * rng.choice([-1, 1], count)


def _in_time(song: Song, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return errors in time, in steps."""
    return (song.grid.sixteenth * _sizes(count, MOST_SIXTEENTHS, rng)).astype(np.int32)


def _with(song: Song, notes: np.ndarray) -> Song:
    """Return the song with other notes, within its range and its steps."""
    notes["pitch"] = np.clip(notes["pitch"], 0, 127)
    notes["length"] = np.clip(notes["length"], 1, song.steps)
    notes["start"] = np.clip(notes["start"], 0, song.steps - notes["length"])
    return replace(song, notes=tidy_notes(notes))
