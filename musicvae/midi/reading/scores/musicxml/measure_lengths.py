"""How long the measures of a score are: all parts walk through each of them, and the longest one counts.

Conventions
-----------
A measure in which no part says anything is a measure of rest. One that is nearly as long as its meter is
exactly so: programs round the lengths of tuplets. The meter of a measure is that of the first part that has
as many beats as are there, or else of the first part that has any.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from musicvae.midi.reading.scores.musicxml.part_walk import PartWalker
from musicvae.midi.reading.scores.musicxml.score_clock import ScoreClock
from musicvae.midi.reading.scores.score_measures import ScoreMeasure, measure_length
from musicvae.midi.songs.song import Meter

_NEAREST = 16  # of a beat: a measure that is off by less is one whose tuplets a program has rounded


class WalkedMeasure(NamedTuple):
    """Where a measure starts and ends, in units, and its meter."""

    start: int
    end: int
    meter: Meter | None


class MeasureLengths:
    """The measures of a score so far.

    Parameters
    ----------
    walkers : sequence of PartWalker
        Of all parts.
    clock : ScoreClock
    noticed : Counter of str
    """

    def __init__(self, walkers: Sequence[PartWalker], clock: ScoreClock, noticed: Counter[str]) -> None:
        self._walkers, self._noticed = walkers, noticed
        self._clock, self._units_per_beat = clock, clock.units_per_beat
        self._measures: list[WalkedMeasure] = []

    def walk(self, column: Sequence[ET.Element | None]) -> None:
        """Walk through the next measure of all parts.

        Raises
        ------
        SongError
            If something in it is longer than any music.
        """
        start = self._measures[-1].end if self._measures else 0
        played = [(walker, one) for walker, one in zip(self._walkers, column, strict=True) if one is not None]
        lengths = [length for walker, one in played if (length := walker.walk_measure(one, start))]
        length = max(lengths, default=0)
        if lengths and not self._are_near(min(lengths), length):
            self._noticed["measures whose parts differ in length"] += 1
        meters = [walker.meter for walker, _ in played if walker.attributes.names_meter]
        fitting = (meter for meter in meters if meter and self._are_near(self._bar(meter), length))
        meter = next(fitting, meters[0] if meters else None)
        is_rest = not length and not any(one.get("implicit") == "yes" for _, one in played)
        if meter and (is_rest or self._are_near(self._bar(meter), length)):
            length = self._bar(meter)
        for walker, _ in played:
            walker.end_measure(start + length)
        self._measures.append(WalkedMeasure(start, start + length, meter))

    def _bar(self, meter: Meter) -> int:
        """Return the units in a whole measure of a meter."""
        return measure_length(meter, self._units_per_beat)

    def _are_near(self, length: int, other: int) -> bool:
        """Say whether two lengths of measures are one but for tuplets that a program has rounded."""
        return abs(length - other) * _NEAREST < self._units_per_beat

    def to_measures(self) -> list[ScoreMeasure]:
        """Return the measures in ticks."""
        to_ticks = self._clock.to_ticks
        return [
            ScoreMeasure(to_ticks(start), to_ticks(end) - to_ticks(start), meter)
            for start, end, meter in self._measures
        ]
