"""A score of music21 as a Source: its parts put together, in whole measures.

Conventions
-----------
Barlines are those of the part that has most of them; `score_measures` makes the measures whole.
Meters, tempi and key come from the first part that gives any. A track "chords" holds the chord
symbols of all parts, each lasting until the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from music21 import stream

from musicvae.errors import SongError
from musicvae.midi.reading.scores.score_measures import Barlines, ScoreMeasure, lay_barlines
from musicvae.midi.reading.scores.score_walk import (
    TICKS_PER_BEAT,
    ChordMark,
    Music21Stream,
    PartWalk,
    ScoreBar,
    walk_part,
)
from musicvae.midi.songs.notes import DEFAULT_VELOCITY
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import SOURCE_NOTE, Source, TempoChange


def score_to_source(score: Music21Stream, title: str = "", rejoin: bool = False) -> Source:
    """Return a score of music21 as a Source.

    Parameters
    ----------
    score : music21.stream.Stream
        With parts, or a part itself.
    title : str
    rejoin : bool
        Whether a meter named after the first measure is music21's own. In ABC it cuts a measure
        that is longer than the meter in two, and names a meter for the rest: these are put
        together again.

    Raises
    ------
    SongError
        If the score has no notes.
    """
    parts: list[Music21Stream] = [*score.getElementsByClass(stream.Part)] or [score]
    walks = [walk_part(part) for part in parts]
    end = max(walk.end for walk in walks)
    tracks = [
        walk.track(getattr(part, "partName", None) or "") for walk, part in zip(walks, parts, strict=True)
    ]
    chords = _chord_notes([mark for walk in walks for mark in walk.chords], end, track=len(tracks))
    notes = np.concatenate([*(walk.notes(track) for track, walk in enumerate(walks)), chords])
    in_range = (notes["pitch"] >= 0) & (notes["pitch"] <= 127)
    heard = notes[in_range & (notes["start"] >= 0) & (notes["end"] >= notes["start"])]
    if not len(heard):
        raise SongError("there are no notes in it")
    dropped = len(notes) - len(heard)
    barlines = lay_barlines(_measures(walks, end, rejoin), TICKS_PER_BEAT)
    return Source(
        notes=_move_notes(heard, barlines),
        tracks=(*tracks, *([Part("chords")] if len(chords) else [])),
        ticks_per_beat=TICKS_PER_BEAT,
        meters=barlines.meters,
        tempi=_move_tempi(next((walk.tempi for walk in walks if walk.tempi), []), barlines),
        title=title,
        key=next((walk.key for walk in walks if walk.key), ""),
        notices=(f"{dropped} impossible notes were dropped (pitch or length)",) if dropped else (),
    )


def _measures(walks: list[PartWalk], end: int, rejoin: bool) -> list[ScoreMeasure]:
    """Return the measures; a score without barlines is one that is far too long."""
    walk = max(walks, key=lambda walk: len(walk.bars))
    bars = sorted(walk.bars, key=lambda bar: bar.start) or (
        [ScoreBar(0, walk.meter, named=True)] if walk.meter else []
    )
    if rejoin:
        bars = _rejoin(bars)
    starts = [*(bar.start for bar in bars), end]
    return [
        ScoreMeasure(start, following - start, bar.meter)
        for bar, (start, following) in zip(bars, pairwise(starts), strict=True)
    ]


def _rejoin(bars: list[ScoreBar]) -> list[ScoreBar]:
    """Return the bars without those whose meter music21 made up, all in the meter of the first."""
    return [
        bar._replace(meter=bars[0].meter)
        for index, bar in enumerate(bars)
        if index == 0 or not bar.named or bar.meter == bars[0].meter
    ]


def _chord_notes(marks: list[ChordMark], end: int, track: int) -> np.ndarray:
    marks = sorted(marks)
    ends = [*(mark.start for mark in marks[1:]), end]
    rows = [
        (mark.start, until, pitch, DEFAULT_VELOCITY, track)
        for mark, until in zip(marks, ends[: len(marks)], strict=True)
        for pitch in mark.pitches
        if until > mark.start
    ]
    return np.array(rows, dtype=SOURCE_NOTE)


def _move_notes(notes: np.ndarray, barlines: Barlines) -> np.ndarray:
    # A note ends in the measure in which it still sounds, not in the one that begins there.
    last = np.maximum(notes["end"] - 1, notes["start"])
    grace = notes["end"] == notes["start"]
    notes["end"] = barlines.move(last) + (notes["end"] - last)
    notes["start"] = np.where(grace, notes["end"], barlines.move(notes["start"]))
    return notes[np.lexsort((notes["pitch"], notes["track"], notes["start"]))]


def _move_tempi(tempi: Sequence[TempoChange], barlines: Barlines) -> tuple[TempoChange, ...]:
    """Return the tempi in new ticks; one that stands at the pick-up holds from the very start."""
    ticks = barlines.move(np.array([change.tick for change in tempi], dtype=np.int64)).tolist()
    begin = int(barlines.new[0]) if len(barlines.new) else 0
    return tuple(
        TempoChange(tick if tick > begin else 0, change.bpm)
        for tick, change in zip(ticks, tempi, strict=True)
    )
