"""What a score says, whatever its format: every walk over a file gathers this, and `score_source` takes it.

Conventions
-----------
Times are ticks of the score as written, TICKS_PER_BEAT to the quarter note (divisible by every common
tuplet; a rarer one is rounded to the nearest tick). Repeats are walked once. Measure i of all parts
begins at one place; the longest part says where it ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from musicvae.midi.reading.scores.score_measures import ScoreMeasure
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import KeyChange, TempoChange, TextAt

TICKS_PER_BEAT = 10080
_TICKS_PER_WHOLE = 4 * TICKS_PER_BEAT
BY_DYNAMICS = 0  # the velocity of a note that has none of its own


class ScoreNote(NamedTuple):
    """A note that sounds; a grace note ends where it starts. Ties are joined, transpositions done."""

    start: int
    end: int
    pitch: int
    velocity: int = BY_DYNAMICS


class ChordMark(NamedTuple):
    """A chord symbol: where it stands, and its pitches; none for "no chord"."""

    start: int
    pitches: tuple[int, ...]


class DynamicMark(NamedTuple):
    """A dynamic mark: the velocity of the part from a tick on."""

    start: int
    velocity: int


def to_ticks(units: int, units_per_whole: int) -> int:
    """Return a time in ticks, to the nearest, given how many of its units a whole note has."""
    return (2 * units * _TICKS_PER_WHOLE + units_per_whole) // (2 * units_per_whole)


@dataclass
class PartWalk:
    """What one part of a score says.

    Parameters
    ----------
    part : Part
        Its name, program and whether it is drums.
    notes : list of ScoreNote
    chords : list of ChordMark
    dynamics : list of DynamicMark
    lyrics : list of TextAt
        Syllables of the first verse, each where its note begins; one that goes on ends in "-".
    """

    part: Part
    notes: list[ScoreNote] = field(default_factory=list)
    chords: list[ChordMark] = field(default_factory=list)
    dynamics: list[DynamicMark] = field(default_factory=list)
    lyrics: list[TextAt] = field(default_factory=list)


@dataclass
class ScoreWalk:
    """What a score says; a walk over a file fills it.

    Parameters
    ----------
    parts : list of PartWalk
        In the order of the file.
    measures : list of ScoreMeasure
        In order, without gaps; empty where the score has no barlines.
    tempi : list of TempoChange
    keys : list of KeyChange
        As they stand in the score; of a transposing part in sounding pitch.
    title, composer : str
    notices : list of Notice
        What was guessed or left out.
    damage : str
        Why the file could not be read as it stands, so that music may be missing; "" if it is sound.
    """

    parts: list[PartWalk] = field(default_factory=list)
    measures: list[ScoreMeasure] = field(default_factory=list)
    tempi: list[TempoChange] = field(default_factory=list)
    keys: list[KeyChange] = field(default_factory=list)
    title: str = ""
    composer: str = ""
    notices: list[Notice] = field(default_factory=list)
    damage: str = ""
