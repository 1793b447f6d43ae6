"""How a score counts time: the divisions of all its parts on one scale.

Conventions
-----------
*Units* are the finest common measure of all `<divisions>` and of ticks, so that sums are exact; ticks are
made of them once a note is read.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from fractions import Fraction
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.reading.scores.musicxml.document.xml_values import read_number
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT, to_ticks

_FINEST = 10**8 * TICKS_PER_BEAT  # units to the beat; where that is not enough, lengths are rounded
_LONGEST = 10_000  # beats of a single note, rest or step


class ScoreClock(NamedTuple):
    """How many units a quarter note has, and how many divisions where a part does not say."""

    units_per_beat: int
    divisions: Fraction

    def units_per_division(self, divisions: Fraction) -> int | Fraction:
        """Return how long a division is where there are so many to the quarter note."""
        units = self.units_per_beat / divisions
        return int(units) if units.denominator == 1 else units

    def to_units(self, text: str | None, per_division: int | Fraction) -> int:
        """Return a length that is written as a number of divisions; it may be negative.

        Raises
        ------
        ValueError
            If it is no number.
        SongError
            If it is longer than any music.
        """
        try:
            units = round(int(text or "") * per_division)  # as nearly all are written
        except ValueError:
            units = round(read_number(text) * per_division)
        if abs(units) > _LONGEST * self.units_per_beat:
            raise SongError("a note of it is far too long to be music: mend its <duration>")
        return units

    def to_ticks(self, units: int) -> int:
        """Return the nearest tick."""
        return to_ticks(units, 4 * self.units_per_beat)


def read_clock(root: ET.Element) -> ScoreClock:
    """Return the clock of a score, 1 division to the quarter note where no part says any."""
    said = [divisions for element in root.iter("divisions") if (divisions := read_divisions(element))]
    units = TICKS_PER_BEAT
    for divisions in dict.fromkeys(said):
        units = min(math.lcm(units, divisions.numerator), _FINEST)
    return ScoreClock(units, said[0] if said else Fraction(1))


def read_divisions(element: ET.Element) -> Fraction | None:
    """Return a number of divisions, None if it is none that can be."""
    try:
        divisions = read_number(element.text)
    except ValueError:
        return None
    return divisions if 0 < divisions <= _FINEST else None
