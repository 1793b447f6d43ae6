"""What the voices of an ABC tune say, in time: their measures are laid so that they sound together.

Conventions
-----------
Measure i of all voices begins together, and the longest says how long it is. But where voices that differ
come together again after different numbers of measures, or after two, one of them has drawn barlines in
other places: then each keeps its own time up to there, and the barlines are those of the first. A measure of
rest is as long as those of the others. Times are grains from the beginning of the tune until they are ticks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, TypeVar

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_sheet import GRAINS_PER_WHOLE, Place
from musicvae.midi.reading.scores.abc.abc_tokens import TOO_LONG
from musicvae.midi.reading.scores.abc.abc_voice import AbcVoice
from musicvae.midi.reading.scores.score_measures import ScoreMeasure, measure_length
from musicvae.midi.reading.scores.score_walk import (
    TICKS_PER_BEAT,
    ChordMark,
    DynamicMark,
    PartWalk,
    ScoreNote,
    to_ticks,
)
from musicvae.midi.songs.song import MAX_MEASURES, Meter, Part
from musicvae.midi.songs.source import KeyChange, TempoChange, TextAt

_Said = TypeVar("_Said", float, str)

_MOST_MEASURES = 32  # after which voices must have come together again
_MOVED = 2  # measures between which a barline may have been drawn in another place


class VoiceMeasures(NamedTuple):
    """The measures of a voice: the grains of each, None for a rest, and the meters it names, by measure."""

    lengths: Sequence[int | None]
    meters: Mapping[int, Meter | None]


class LaidVoice(NamedTuple):
    """Where the measures of a voice begin, in grains, the last being the end of the voice."""

    starts: Sequence[int]

    def tick(self, place: Place) -> int:
        """Return the tick of a place."""
        return to_ticks(self.starts[place.measure] + place.grains, GRAINS_PER_WHOLE)


class AbcLayout(NamedTuple):
    """The measures of a tune in time.

    Parameters
    ----------
    voices : list of LaidVoice
    bars : dict of int to (Meter or None)
        When each measure begins, in grains, and its meter.
    end : int
    """

    voices: list[LaidVoice]
    bars: dict[int, Meter | None]
    end: int

    def measures(self) -> list[ScoreMeasure]:
        """Return the measures as they are drawn."""
        starts = [to_ticks(start, GRAINS_PER_WHOLE) for start in (*self.bars, self.end)]
        spans = zip(pairwise(starts), self.bars.values(), strict=True)
        return [ScoreMeasure(start, end - start, meter) for (start, end), meter in spans]

    def cut_measures(self) -> list[ScoreMeasure]:
        """Return whole measures of a tune in which no barlines are drawn; none in free meter."""
        meter, end = next(iter(self.bars.values()), None), to_ticks(self.end, GRAINS_PER_WHOLE)
        if meter is None:
            return []
        whole = measure_length(meter, TICKS_PER_BEAT)
        if end > MAX_MEASURES * whole:
            raise SongError(f"it has more than {MAX_MEASURES:,} measures: {TOO_LONG}")
        return [ScoreMeasure(start, min(whole, end - start), meter) for start in range(0, end, whole)]


@dataclass
class _LayingVoice:
    """A voice of which some measures lie in time: where they begin, and where the last one ends."""

    voice: VoiceMeasures
    starts: list[int] = field(default_factory=list)
    end: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether there are measures left."""
        return len(self.starts) < len(self.voice.lengths)

    @property
    def names_meter(self) -> bool:
        """Whether the next measure has a meter of its own."""
        return len(self.starts) in self.voice.meters

    @property
    def next_meter(self) -> Meter | None:
        """The meter of the next measure, which names one."""
        return self.voice.meters[len(self.starts)]

    def length(self, ahead: int = 0) -> int | None:
        """Return the grains of a measure to come; 0 if there is none."""
        measure = len(self.starts) + ahead
        return self.voice.lengths[measure] if measure < len(self.voice.lengths) else 0

    def lay(self, now: int, count: int, rest: int) -> dict[int, Meter | None]:
        """Lay down measures, given the grains of a rest; return the meters that are named, by when."""
        named: dict[int, Meter | None] = {}
        self.end = now
        for measure in range(len(self.starts), len(self.starts) + count):
            if measure in self.voice.meters:
                named[self.end] = self.voice.meters[measure]
            self.starts.append(self.end)
            self.end += self.voice.lengths[measure] or rest
        return named

    def starts_from(self, now: int) -> list[int]:
        """Return where the measures begin from a time on."""
        return self.starts[bisect_left(self.starts, now) :]


def lay_out(voices: Sequence[VoiceMeasures], meter: Meter | None) -> AbcLayout:
    """Return where the measures of the voices lie.

    Parameters
    ----------
    voices : sequence of VoiceMeasures
    meter : Meter or None
        That of the beginning.
    """
    laid = [_LayingVoice(voice) for voice in voices]
    bars: dict[int, Meter | None] = {}
    now = 0
    while going := [voice for voice in laid if voice.goes_on]:
        meter = next((voice.next_meter for voice in going if voice.names_meter), meter)
        whole = _grains_of(meter)
        counts, rest = _count_together(going, whole)
        named = {now: meter}
        for voice, count in zip(going, counts, strict=True):
            named = voice.lay(now, count, rest) | named
        for start in sorted({*going[0].starts_from(now), *named}):
            meter = named.get(start, meter)
            bars[start] = meter
        now = max(voice.end for voice in going)
    return AbcLayout([LaidVoice((*voice.starts, voice.end)) for voice in laid], bars, now)


def to_part(voice: AbcVoice, name: str, program: int, laid: LaidVoice) -> PartWalk:
    """Return what a voice says.

    Parameters
    ----------
    voice : AbcVoice
    name : str
        As V: has it; a plain number is no name for a part.
    program : int
        That of its channel, for a voice that names none.
    laid : LaidVoice
    """
    setting = voice.setting
    drums = setting.plays_drums
    keys = setting.drum_keys if drums else {}
    own = program if setting.program is None else setting.program
    at = laid.tick
    return PartWalk(
        Part(setting.name or ("" if name.isdecimal() else name), 0 if drums else own, drums),
        [ScoreNote(at(note.start), at(note.end), keys.get(note.pitch, note.pitch)) for note in voice.notes],
        [ChordMark(at(place), pitches) for place, pitches in voice.chords],
        [DynamicMark(at(place), velocity) for place, velocity in voice.dynamics],
        [TextAt(at(place), text) for place, text in voice.lyrics],
    )


def to_tempi(
    said: Sequence[Mapping[Place, float]], layout: AbcLayout, first: float | None
) -> list[TempoChange]:
    """Return the tempi that the voices name, and that of the beginning."""
    return [TempoChange(tick, bpm) for tick, bpm in _in_time(said, layout, first)]


def to_keys(said: Sequence[Mapping[Place, str]], layout: AbcLayout, first: str) -> list[KeyChange]:
    """Return the changes of the key that the voices name, after that of the beginning."""
    keys = [KeyChange(tick, name) for tick, name in _in_time(said, layout, first) if name]
    return keys[:1] + [new for old, new in pairwise(keys) if new.key != old.key]


def _count_together(going: Sequence[_LayingVoice], whole: int) -> tuple[list[int], int]:
    """Return how many measures of each voice come next, and the grains of a rest in them."""
    nexts = [voice.length() for voice in going]
    known = {length for length in nexts if length is not None}
    apart = [1] * len(going)
    if len(known) < 2:
        return apart, known.pop() if known else whole
    counts, sums = [1] * len(going), [length or whole for length in nexts]
    while min(sums) < (longest := max(sums)):
        for index, voice in enumerate(going):
            if sums[index] < longest:
                length = voice.length(counts[index])
                if length == 0 or counts[index] == _MOST_MEASURES:
                    return apart, 0
                sums[index] += length or whole
                counts[index] += 1
    moved = len(set(counts)) > 1 or counts[0] == _MOVED
    return (counts, whole) if moved else (apart, 0)


def _grains_of(meter: Meter | None) -> int:
    return measure_length(meter, GRAINS_PER_WHOLE // 4) if meter else GRAINS_PER_WHOLE


def _in_time(
    said: Sequence[Mapping[Place, _Said]], layout: AbcLayout, first: _Said | None
) -> list[tuple[int, _Said]]:
    """Return what is said by its tick, in order; where several voices speak the first counts."""
    at: dict[int, _Said] = {}
    for voice, places in zip(layout.voices, said, strict=True):
        for place, what in places.items():
            at.setdefault(voice.tick(place), what)
    if first is not None:
        at.setdefault(0, first)
    return sorted(at.items())
