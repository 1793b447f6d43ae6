"""How long the measures of a score are: all parts walk through each of them, and the longest one counts.

Conventions
-----------
A measure in which no part says anything is a measure of rest. The meter of a measure is that of the first
part that has as many beats as are there, or else of the first part that has any.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from musicvae.midi.reading.scores.musicxml.part_walk import PartWalker
from musicvae.midi.reading.scores.musicxml.score_clock import ScoreClock
from musicvae.midi.reading.scores.score_measures import ScoreMeasure
from musicvae.midi.songs.song import Meter


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
    notices : Counter of str
    """

    def __init__(self, walkers: Sequence[PartWalker], notices: Counter[str]) -> None:
        self._walkers, self._notices = walkers, notices
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
        lengths = [walker.walk_measure(measure, start) for walker, measure in played]
        length = max(lengths, default=0)
        if len({one for one in lengths if one}) > 1:
            self._notices["measures whose parts differ in length"] += 1
        units = self._walkers[0].attributes.clock.units_per_beat if self._walkers else 1
        bars = [
            (walker.meter, walker.meter and 4 * units * walker.meter.numerator // walker.meter.denominator)
            for walker, _ in played
            if walker.attributes.names_meter
        ]
        meter = next((meter for meter, bar in bars if bar == length), bars[0][0] if bars else None)
        if not length and bars and not any(one.get("implicit") == "yes" for _, one in played):
            length = bars[0][1] or 0
        self._measures.append(WalkedMeasure(start, start + length, meter))

    def to_measures(self, clock: ScoreClock) -> list[ScoreMeasure]:
        """Return the measures in ticks."""
        return [
            ScoreMeasure(clock.to_ticks(start), clock.to_ticks(end) - clock.to_ticks(start), meter)
            for start, end, meter in self._measures
        ]
