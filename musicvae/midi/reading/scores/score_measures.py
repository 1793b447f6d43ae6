"""The measures of a score as whole measures: pick-ups filled up, halves at repeat signs joined.

Conventions
-----------
Times are ticks. A score's measure may be short: the pick-up, the last one, or the two halves
around a repeat sign in the middle of a measure. A Song knows whole measures alone, so

- a short first measure is filled with silence in front, a short last one behind;
- two neighbouring short measures that make a whole one together are joined;
- a measure as long as several, or longer than four, is cut into whole ones: barlines are missing;
- any other measure whose length is not its meter's gets a meter of its own true length (5/8
  among 6/8), rounded up to a sixteenth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.song import Meter
from musicvae.midi.songs.source import MeterChange

_FINEST = 16  # a measure made up here is a whole number of sixteenths, so it fits every grid
_LONGEST = 4  # measures; what is longer is no measure


class ScoreMeasure(NamedTuple):
    """A measure as the score has it: start and length in ticks, and the meter then in force."""

    start: int
    length: int
    meter: Meter | None


class Barlines(NamedTuple):
    """Where the measures of a score lie, and where they go.

    `old` are the ticks at which the measures begin in the score, `new` those in whole measures;
    `meters` the changes of meter, in new ticks.
    """

    old: np.ndarray
    new: np.ndarray
    meters: tuple[MeterChange, ...]

    def move(self, ticks: np.ndarray) -> np.ndarray:
        """Return score ticks, shape (n,), as ticks among whole measures."""
        if not len(self.old):
            return ticks
        measure = np.clip(np.searchsorted(self.old, ticks, side="right") - 1, 0, None)
        return ticks + (self.new - self.old)[measure]


class _Laid(NamedTuple):
    """What becomes of a measure: silence in front, a meter, the length in all, of one or several measures."""

    silence: int
    meter: Meter
    length: int


def measure_length(meter: Meter, units_per_beat: int) -> int:
    """Return how long a measure of the meter is, in ticks or other units of which a beat has so many."""
    return 4 * units_per_beat * meter.numerator // meter.denominator


def lay_barlines(measures: Sequence[ScoreMeasure], ticks_per_beat: int) -> Barlines:
    """Return where the measures of a score go so that every one is whole.

    Parameters
    ----------
    measures : sequence of ScoreMeasure
        In order, without gaps.
    ticks_per_beat : int
    """
    joined = list(_join_halves([measure for measure in measures if measure.length > 0], ticks_per_beat))
    old, new, changes, now = [], [], [], 0
    for index, measure in enumerate(joined):
        edge = "first" if index == 0 else "last" if index == len(joined) - 1 else ""
        laid = _lay(measure, edge, ticks_per_beat)
        old.append(measure.start)
        new.append(now + laid.silence)
        changes.append(MeterChange(now, laid.meter))
        now += laid.length
    kept = changes[:1] + [after for before, after in pairwise(changes) if before.meter != after.meter]
    return Barlines(np.array(old, np.int64), np.array(new, np.int64), tuple(kept))


def _join_halves(measures: list[ScoreMeasure], ticks_per_beat: int) -> Iterator[ScoreMeasure]:
    index = 0
    while index < len(measures):
        measure, left = measures[index], len(measures) - index - 1
        # The last one of all is not the other half of a pick-up: both are short where a song is played again.
        if left > (index == 0) and measure.meter is not None:
            after = measures[index + 1]
            both = measure.length + after.length
            if both == measure_length(measure.meter, ticks_per_beat) and after.meter == measure.meter:
                measure = measure._replace(length=both)
                index += 1
        yield measure
        index += 1


def _lay(measure: ScoreMeasure, edge: str, ticks_per_beat: int) -> _Laid:
    """Return what becomes of a measure, which is the first, the last or any other."""
    meter = measure.meter or Meter(4, 4)
    whole = measure_length(meter, ticks_per_beat)
    if measure.meter and edge and measure.length < whole:
        return _Laid(whole - measure.length if edge == "first" else 0, meter, whole)
    if measure.length > _LONGEST * whole or (measure.meter and measure.length % whole == 0):
        return _Laid(0, meter, -(-measure.length // whole) * whole)
    own = _own_meter(measure.length, meter, ticks_per_beat)
    return _Laid(0, own, measure_length(own, ticks_per_beat))


def _own_meter(length: int, usual: Meter, ticks_per_beat: int) -> Meter:
    for denominator in (usual.denominator, 4, 8):
        units = Fraction(length * denominator, 4 * ticks_per_beat)
        if units.denominator == 1 and denominator <= _FINEST:
            return Meter(int(units), denominator)
    return Meter(-(-length * _FINEST // (4 * ticks_per_beat)), _FINEST)
