"""Where the measures of the voices of an ABC tune lie in time, so that they sound together.

Conventions
-----------
Measure i of all voices begins together, and the longest says how long it is. But where voices that differ
come together again after different numbers of measures, or after two, one of them has drawn barlines in
other places: then each keeps its own time up to there, and the barlines are those of the voice that has most
whole measures. A measure of rest is as long as those of the others.
Times are grains from the beginning of the tune.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from musicvae.midi.reading.scores.abc.abc_sheet import GRAINS_PER_TICK, GRAINS_PER_WHOLE, Place
from musicvae.midi.reading.scores.score_measures import ScoreMeasure
from musicvae.midi.songs.song import Meter

_MOST_MEASURES = 32  # after which voices must have come together again
_MOVED = 2  # measures between which a barline may have been drawn in another place
_HALF_A_TICK = GRAINS_PER_TICK // 2


class VoiceMeasures(NamedTuple):
    """The measures of a voice: the grains of each, None for a rest, and the meters it names, by measure."""

    lengths: Sequence[int | None]
    meters: Mapping[int, Meter | None]


class Ticks(NamedTuple):
    """Where the measures of a voice begin, in grains, the last being the end of the voice."""

    starts: Sequence[int]

    def at(self, place: Place) -> int:
        """Return the tick of a place."""
        return (self.starts[place.measure] + place.grains + _HALF_A_TICK) // GRAINS_PER_TICK


@dataclass
class AbcLayout:
    """The measures of a tune in time; `lay_out` fills it.

    Parameters
    ----------
    voices : list of Ticks
    bars : dict of int to (Meter or None)
        When each measure begins, and its meter.
    end : int
    """

    voices: list[Ticks]
    bars: dict[int, Meter | None] = field(default_factory=dict)
    end: int = 0

    def measures(self) -> list[ScoreMeasure]:
        """Return the measures as they are drawn."""
        starts = [_to_ticks(start) for start in (*self.bars, self.end)]
        spans = zip(pairwise(starts), self.bars.values(), strict=True)
        return [ScoreMeasure(start, end - start, meter) for (start, end), meter in spans]

    def cut_measures(self) -> list[ScoreMeasure]:
        """Return whole measures of a tune in which no barlines are drawn; none in free meter."""
        meter, end = next(iter(self.bars.values()), None), _to_ticks(self.end)
        if meter is None:
            return []
        whole = _to_ticks(_grains_of(meter))
        return [ScoreMeasure(start, min(whole, end - start), meter) for start in range(0, end, whole)]


@dataclass
class _Laid:
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

    def bars_from(self, now: int) -> list[int]:
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
    laid = [_Laid(voice) for voice in voices]
    bars: dict[int, Meter | None] = {}
    now = 0
    while going := [voice for voice in laid if voice.goes_on]:
        meter = next((voice.next_meter for voice in going if voice.names_meter), meter)
        whole = _grains_of(meter)
        counts, rest = _count_together(going, whole)
        named = {now: meter}
        for voice, count in zip(going, counts, strict=True):
            named = voice.lay(now, count, rest) | named
        drawn = _choose_bars(going, now, whole) if max(counts) > 1 else ()
        for start in sorted({*drawn, *named}):
            meter = named.get(start, meter)
            bars[start] = meter
        now = max(voice.end for voice in going)
    return AbcLayout([Ticks((*voice.starts, voice.end)) for voice in laid], bars, now)


def _choose_bars(going: Sequence[_Laid], now: int, whole: int) -> Sequence[int]:
    """Return where the measures begin from a time on, in the voice that has most whole ones, then most."""

    def count(bars: Sequence[int]) -> tuple[int, int]:
        return sum(end - start == whole for start, end in pairwise(bars)), len(bars)

    return max(((*voice.bars_from(now), voice.end) for voice in going), key=count)[:-1]


def _count_together(going: Sequence[_Laid], whole: int) -> tuple[list[int], int]:
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
    return GRAINS_PER_WHOLE * meter.numerator // meter.denominator if meter else GRAINS_PER_WHOLE


def _to_ticks(grains: int) -> int:
    return (grains + _HALF_A_TICK) // GRAINS_PER_TICK
