"""The walk over a score as a Source: its parts put together, in whole measures.

Conventions
-----------
A track for each part, in their order. A track "chords" holds the chord symbols of all parts, each
lasting until the next. A note without a dynamic mark has velocity 80.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.reading.scores.score_measures import Barlines, ScoreMeasure, lay_barlines, measure_length
from musicvae.midi.reading.scores.score_walk import (
    BY_DYNAMICS,
    TICKS_PER_BEAT,
    PartWalk,
    ScoreNote,
    ScoreWalk,
)
from musicvae.midi.songs.notes import DEFAULT_VELOCITY
from musicvae.midi.songs.notices import count_notices
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import SOURCE_NOTE, KeyChange, Lyric, Source, TempoChange

_At = TypeVar("_At", TempoChange, KeyChange, Lyric)

_IMPOSSIBLE = "impossible notes were dropped (pitch or length)"


def walk_to_source(walk: ScoreWalk) -> Source:
    """Return what the walk over a score gathered as a Source.

    Raises
    ------
    SongError
        If the score has no notes.
    """
    parts = list(walk.parts)
    if chords := _symbols_to_notes(walk):
        parts.append(PartWalk(Part("chords"), chords))
    notes = np.concatenate(
        [np.empty(0, SOURCE_NOTE), *(_to_rows(part, track) for track, part in enumerate(parts))]
    )
    in_range = (notes["pitch"] >= 0) & (notes["pitch"] <= 127)
    heard = notes[in_range & (notes["start"] >= 0) & (notes["end"] >= notes["start"])]
    if not len(heard):
        raise SongError("there are no notes in it")
    barlines = lay_barlines(_without_silent_pickup(walk.measures, int(heard["start"].min())), TICKS_PER_BEAT)
    lyrics = [Lyric(*text, track) for track, part in enumerate(parts) for text in part.lyrics]
    lyrics.sort(key=lambda lyric: lyric.tick)  # of voices that sing at once the first stays first
    return Source(
        notes=_move_notes(heard, barlines),
        tracks=tuple(part.part for part in parts),
        ticks_per_beat=TICKS_PER_BEAT,
        meters=barlines.meters,
        tempi=_from_the_start(_move(walk.tempi, barlines), barlines),
        keys=_from_the_start(_move(walk.keys, barlines), barlines),
        lyrics=_move(lyrics, barlines),
        title=walk.title,
        composer=walk.composer,
        is_barred=True,
        notices=(*walk.notices, *count_notices({_IMPOSSIBLE: len(notes) - len(heard)})),
        damage=walk.damage,
    )


def _without_silent_pickup(measures: list[ScoreMeasure], first: int) -> list[ScoreMeasure]:
    """Return the measures from the first whole one on, where what stands before it is no more than a rest.

    Parameters
    ----------
    measures : list of ScoreMeasure
    first : int
        When the first note begins.
    """
    if len(measures) < 2 or measures[0].meter is None or first < measures[1].start:
        return measures
    is_short = 0 < measures[0].length < measure_length(measures[0].meter, TICKS_PER_BEAT)
    return measures[1:] if is_short else measures


def _symbols_to_notes(walk: ScoreWalk) -> list[ScoreNote]:
    marks = sorted({mark for part in walk.parts for mark in part.chords})
    ends = [*(mark.start for mark in marks[1:]), _end(walk)]
    return [
        ScoreNote(mark.start, until, pitch)
        for mark, until in zip(marks, ends[: len(marks)], strict=True)
        for pitch in mark.pitches
        if until > mark.start
    ]


def _end(walk: ScoreWalk) -> int:
    """Return where the last measure or the last note ends."""
    last = walk.measures[-1:]
    ends = [measure.start + measure.length for measure in last]
    return max([0, *ends, *(note.end for part in walk.parts for note in part.notes)])


def _to_rows(part: PartWalk, track: int) -> np.ndarray:
    """Return the notes of a part, shape (notes,), with the dynamics in force."""
    notes = np.array([(*note, track) for note in part.notes], dtype=SOURCE_NOTE)
    marks = np.array([(-1, DEFAULT_VELOCITY), *sorted(part.dynamics)], dtype=np.int64)
    in_force = marks[np.searchsorted(marks[:, 0], notes["start"], side="right") - 1, 1]
    own = notes["velocity"]
    notes["velocity"] = np.clip(np.where(own == BY_DYNAMICS, in_force, own), 1, 127)
    return notes


def _move_notes(notes: np.ndarray, barlines: Barlines) -> np.ndarray:
    # A note ends in the measure in which it still sounds, not in the one that begins there.
    last = np.maximum(notes["end"] - 1, notes["start"])
    grace = notes["end"] == notes["start"]
    notes["end"] = barlines.move(last) + (notes["end"] - last)
    notes["start"] = np.where(grace, notes["end"], barlines.move(notes["start"]))
    # Graces come before the note that they lead to, in the order in which they are written.
    pitch = np.where(grace, -1, notes["pitch"])
    return notes[np.lexsort((pitch, notes["track"], notes["start"]))]


def _move(events: Sequence[_At], barlines: Barlines) -> tuple[_At, ...]:
    ticks = barlines.move(np.array([event.tick for event in events], dtype=np.int64)).tolist()
    return tuple(event._replace(tick=tick) for event, tick in zip(events, ticks, strict=True))


def _from_the_start(changes: tuple[_At, ...], barlines: Barlines) -> tuple[_At, ...]:
    """Return the changes; one that stands at the pick-up holds from the very start."""
    begin = int(barlines.new[0]) if len(barlines.new) else 0
    return tuple(change if change.tick > begin else change._replace(tick=0) for change in changes)
