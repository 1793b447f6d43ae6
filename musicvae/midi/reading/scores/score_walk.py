"""One part of a music21 score, walked through once: its notes, measures, meters, tempi and chords.

Conventions
-----------
music21 counts in quarter notes (float or Fraction); here they are ticks, TICKS_PER_BEAT to the
quarter note. Times are those of the score: `score_measures` moves them later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from music21 import base, chord, dynamics, harmony, instrument, key, meter, note, stream, tempo

from musicvae.midi.songs.notes import DEFAULT_VELOCITY
from musicvae.midi.songs.song import Meter, Part
from musicvae.midi.songs.source import SOURCE_NOTE, TempoChange

TICKS_PER_BEAT = 10080

Music21Stream = stream.Stream[Any]

# The staff of a drum kit as it is usually written, F4 (bass drum) to B5 (second crash); music21
# forgets which instrument of a part a note is for.
_DRUM_ON_LINE = {
    **{62: 44, 64: 35, 65: 36, 67: 41, 69: 43, 71: 45, 72: 38},
    **{74: 47, 76: 50, 77: 51, 79: 42, 81: 49, 83: 57},
}
_SNARE = 38

_LASTING = re.compile("p+|f+|m[pf]")  # sf and its like hold for a single note
_BY_DYNAMICS = -1  # velocity of a note that has none of its own


class ScoreBar(NamedTuple):
    """Where a measure of a part begins, the meter in force, and whether it is named there."""

    start: int
    meter: Meter | None
    named: bool


class ChordMark(NamedTuple):
    """A chord symbol: where it stands, and its pitches; none for "no chord"."""

    start: int
    pitches: tuple[int, ...]


class _Row(NamedTuple):
    """A note as it is being gathered."""

    start: int
    end: int
    pitch: int
    velocity: int


@dataclass
class PartWalk:
    """What one part of a score says; `walk` gathers it."""

    rows: list[_Row] = field(default_factory=list)
    bars: list[ScoreBar] = field(default_factory=list)
    tempi: list[TempoChange] = field(default_factory=list)
    chords: list[ChordMark] = field(default_factory=list)
    key: str = ""
    end: int = 0
    meter: Meter | None = None  # in force where the walk is
    _loudness: list[tuple[int, int]] = field(default_factory=list)  # tick, velocity from there on
    _tied: dict[int, int] = field(default_factory=dict)  # pitch -> row that the next note continues
    _instrument: instrument.Instrument | None = None
    _drums: bool = False
    _drum_lines: set[int] = field(default_factory=set)  # where on the staff unpitched notes stand

    def walk(self, container: Music21Stream, offset: int) -> None:
        """Gather what a part, measure or voice says that begins at this tick."""
        for element in container:
            start = offset + _ticks(element.offset)
            if isinstance(element, stream.Measure):
                self.bars.append(ScoreBar(start, self.meter, named=False))
                self.end = max(self.end, start + _ticks(element.highestTime))
            if isinstance(element, stream.Stream):
                self.walk(element, start)
            elif isinstance(element, harmony.Harmony):  # a chord, as music21 has it, but no note
                self.chords.append(ChordMark(start, tuple(sorted({pitch.midi for pitch in element.pitches}))))
            elif isinstance(element, note.NotRest):
                self._add_notes(element, start)
            else:
                self._take_note_of(element, start)

    def _add_notes(self, element: note.NotRest, start: int) -> None:
        end = start + _ticks(element.quarterLength)
        self.end = max(self.end, end)
        for member in element.notes if isinstance(element, chord.ChordBase) else (element,):
            own = member.volume.velocity if member.hasVolumeInformation() else None
            row = _Row(start, end, self._pitch(member), _BY_DYNAMICS if own is None else int(own))
            index = self._tied.pop(row.pitch, len(self.rows))
            if index < len(self.rows) and self.rows[index].end == start:
                self.rows[index] = self.rows[index]._replace(end=end)
            else:
                index = len(self.rows)
                self.rows.append(row)
            tie = member.tie or element.tie
            if tie is not None and tie.type in ("start", "continue"):
                self._tied[row.pitch] = index

    def _pitch(self, member: note.NotRest) -> int:
        if isinstance(member, note.Unpitched):
            line = int(member.displayPitch().midi)
            self._drum_lines.add(line)
            return _DRUM_ON_LINE.get(line, _SNARE)
        shift = self._instrument.transposition if self._instrument else None
        return int(member.pitches[0].midi) + (int(shift.semitones) if shift else 0)

    def _take_note_of(self, element: base.Music21Object, start: int) -> None:
        match element:
            case meter.TimeSignature():
                self.meter = _meter(element)
                if self.bars and self.bars[-1].start == start:
                    self.bars[-1] = ScoreBar(start, self.meter, named=True)
            case key.KeySignature() if not self.key:
                self.key = _key_name(element)
            case tempo.MetronomeMark() if element.getQuarterBPM():
                self.tempi.append(TempoChange(start, float(element.getQuarterBPM() or 0)))
            case dynamics.Dynamic() if _LASTING.fullmatch(element.value or ""):
                self._loudness.append((start, round(127 * element.volumeScalar)))
            case instrument.Instrument():
                self._instrument = element
                self._drums |= isinstance(element, instrument.UnpitchedPercussion)

    def track(self, name: str) -> Part:
        """Return the track that the part becomes; without a name it has its instrument's."""
        program = getattr(self._instrument, "midiProgram", None) or 0
        name = name or getattr(self._instrument, "instrumentName", None) or ""
        drums = self._drums or bool(self._drum_lines)
        return Part(name, 0 if drums else int(program), drums)

    def notes(self, track: int) -> np.ndarray:
        """Return the notes, shape (notes,), with the part's dynamics in force."""
        notes = np.array([(*row, track) for row in self.rows], dtype=SOURCE_NOTE)
        drum = getattr(self._instrument, "percMapPitch", None)
        if drum is not None and len(self._drum_lines) == 1:  # not a kit: the part's one instrument
            notes["pitch"] = drum
        marks = np.array([(-1, DEFAULT_VELOCITY), *sorted(self._loudness)], dtype=np.int64)
        loudness = marks[np.searchsorted(marks[:, 0], notes["start"], side="right") - 1, 1]
        velocity = np.where(notes["velocity"] == _BY_DYNAMICS, loudness, notes["velocity"])
        notes["velocity"] = np.clip(velocity, 1, 127)
        return notes


def walk_part(part: Music21Stream) -> PartWalk:
    """Return what a part says."""
    walk = PartWalk()
    walk.walk(part, _ticks(part.offset))
    return walk


def _ticks(quarters: float | Fraction) -> int:
    return round(quarters * TICKS_PER_BEAT)


def _meter(signature: meter.TimeSignature) -> Meter | None:
    try:
        return Meter(signature.numerator, signature.denominator)
    except (ValueError, TypeError):
        return None  # 4/3, or no numbers at all: each measure then has its own length


def _key_name(signature: key.KeySignature) -> str:
    named = signature if isinstance(signature, key.Key) else signature.asKey()
    tonic = named.tonic.name.replace("-", "b")
    return f"{tonic[0].upper()}{tonic[1:]} {named.mode}"
