"""What all voices of a tune share: measures, tempi and keys, and how places in it become ticks.

Conventions
-----------
A place is a measure, counted from 0, and grains from its beginning: so fine that all common
tuplets are whole numbers of them. Measure i of all voices begins together; the longest says how long it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_tokens import TOO_LONG
from musicvae.midi.reading.scores.score_measures import ScoreMeasure
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT, ScoreWalk
from musicvae.midi.songs.song import MAX_MEASURES, Meter
from musicvae.midi.songs.source import KeyChange, TempoChange

_GRAINS_PER_TICK = 2**5 * 3 * 11 * 13
GRAINS_PER_WHOLE = 4 * TICKS_PER_BEAT * _GRAINS_PER_TICK
_HALF_A_TICK = _GRAINS_PER_TICK // 2
_MOST_EXAMPLES = 3  # of a notice


class Place(NamedTuple):
    """Where something stands: its measure, and the grains from the beginning of that."""

    measure: int
    grains: int


@dataclass
class AbcSheet:
    """What all voices of a tune share; the voices fill it.

    Parameters
    ----------
    meter : Meter or None
        That of the beginning.
    lengths : dict of int to int
        Grains of each measure in which something stands.
    meters : dict of int to (Meter or None)
        By the measure from which it holds.
    tempi, keys : dict of Place to float, of Place to str
    measures : int
        How many there are.
    has_bars : bool
        Whether a barline is drawn anywhere.
    """

    meter: Meter | None = None
    lengths: dict[int, int] = field(default_factory=dict)
    meters: dict[int, Meter | None] = field(default_factory=dict)
    tempi: dict[Place, float] = field(default_factory=dict)
    keys: dict[Place, str] = field(default_factory=dict)
    measures: int = 0
    has_bars: bool = False
    _noticed: dict[str, Counter[str]] = field(default_factory=dict)

    def notice(self, what: str, example: str = "") -> None:
        """Keep in mind that something was guessed or left out."""
        self._noticed.setdefault(what, Counter())[example] += 1

    def close_measure(self, measure: int, grains: int) -> None:
        """Take note that a measure of a voice is so long; 0 for one of rests alone.

        Raises
        ------
        SongError
            If there are more measures than any song has.
        """
        if measure >= MAX_MEASURES:
            raise SongError(f"it has more than {MAX_MEASURES:,} measures: {TOO_LONG}")
        self.measures = max(self.measures, measure + 1)
        if grains > self.lengths.get(measure, 0):
            self.lengths[measure] = grains

    def lay(self) -> Ticks:
        """Return where the measures begin."""
        starts, meters, now, meter = [], [], 0, self.meter
        for measure in range(self.measures):
            meter = self.meters.get(measure, meter)
            starts.append(now)
            meters.append(meter)
            now += self.lengths.get(measure) or _grains_of(meter)
        return Ticks((*starts, now), tuple(meters))

    def fill(self, walk: ScoreWalk, ticks: Ticks) -> None:
        """Put measures, tempi, keys and notices into a walk."""
        walk.measures = ticks.measures() if self.has_bars else ticks.cut_measures()
        walk.tempi = [TempoChange(ticks.at(place), bpm) for place, bpm in sorted(self.tempi.items())]
        changes = [KeyChange(ticks.at(place), key) for place, key in sorted(self.keys.items()) if key]
        walk.keys = changes[:1] + [new for old, new in pairwise(changes) if new.key != old.key]
        walk.notices += [_word(what, examples) for what, examples in self._noticed.items()]


class Ticks(NamedTuple):
    """Where the measures of a tune begin, in grains, its end being the last; and their meters."""

    starts: tuple[int, ...]
    meters: tuple[Meter | None, ...]

    def at(self, place: Place) -> int:
        """Return the tick of a place."""
        return (self.starts[place.measure] + place.grains + _HALF_A_TICK) // _GRAINS_PER_TICK

    def measures(self) -> list[ScoreMeasure]:
        """Return the measures as they are drawn."""
        starts = [_to_ticks(start) for start in self.starts]
        return [
            ScoreMeasure(start, end - start, meter)
            for (start, end), meter in zip(pairwise(starts), self.meters, strict=True)
        ]

    def cut_measures(self) -> list[ScoreMeasure]:
        """Return whole measures of a tune without barlines; none in free meter."""
        meter, end = (self.meters or (None,))[0], _to_ticks(self.starts[-1])
        if meter is None:
            return []
        whole = _to_ticks(_grains_of(meter))
        return [ScoreMeasure(start, min(whole, end - start), meter) for start in range(0, end, whole)]


def _grains_of(meter: Meter | None) -> int:
    return GRAINS_PER_WHOLE * meter.numerator // meter.denominator if meter else GRAINS_PER_WHOLE


def _to_ticks(grains: int) -> int:
    return (grains + _HALF_A_TICK) // _GRAINS_PER_TICK


def _word(what: str, examples: Counter[str]) -> str:
    """Return a notice: what, how often, and a few examples."""
    named = ", ".join([example for example in examples if example][:_MOST_EXAMPLES])
    return f"{what}: {examples.total()}" + (f" ({named})" if named else "")
