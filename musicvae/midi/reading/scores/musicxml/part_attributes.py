"""What holds in a part from its `<attributes>` on: divisions, meter, key and transposition.

Conventions
-----------
Fifths count sharps, negative ones flats. Transpositions are semitones from what is written to what sounds.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from musicvae.midi.reading.scores.musicxml.document.xml_values import number_in, text_in
from musicvae.midi.reading.scores.musicxml.score_clock import ScoreClock, read_divisions
from musicvae.midi.songs.song import Meter

_ALL_STAVES = ""
_MOST_BEATS, _SHORTEST_BEAT = 255, 128  # of a meter


class Transposition(NamedTuple):
    """How many semitones a part sounds above what is written, and how many sharps more that is."""

    semitones: int = 0
    fifths: int = 0


class WrittenKey(NamedTuple):
    """A key signature in sounding pitch, and its mode."""

    fifths: int
    mode: str


@dataclass
class PartAttributes:
    """What holds where the walk over a part is.

    Parameters
    ----------
    clock : ScoreClock
    in_concert_pitch : bool
        Whether the score is written as it sounds, but for octaves.
    """

    clock: ScoreClock
    in_concert_pitch: bool = False
    meter: Meter | None = None
    names_meter: bool = False  # a free meter is named too, and is None
    key: WrittenKey | None = None
    transposes: bool = False  # whether it ever does, by more than octaves
    per_division: int | Fraction = 1
    _by_staff: dict[str, Transposition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.per_division = self.clock.units_per_division(self.clock.divisions)

    def read(self, attributes: ET.Element) -> None:
        """Take over what an `<attributes>` says.

        Raises
        ------
        ValueError
            If it is damaged; what comes first is taken over all the same.
        """
        divisions = attributes.find("divisions")
        if divisions is not None and (said := read_divisions(divisions)):
            self.per_division = self.clock.units_per_division(said)
        time = attributes.find("time")
        if time is not None:
            self.meter, self.names_meter = read_meter(time), True
        transpositions = attributes.findall("transpose")
        if transpositions:
            self._by_staff |= {
                element.get("number", _ALL_STAVES): self._read(element) for element in transpositions
            }
            if transpositions[0].get("number") is None:
                self._by_staff = {_ALL_STAVES: self._by_staff[_ALL_STAVES]}
        key = attributes.find("key")
        if key is not None and key.find("fifths") is not None:
            self.key = self._to_sounding(number_in(key, "fifths", limit=14), text_in(key, "mode") or "major")

    def transposition(self, staff: str) -> Transposition:
        """Return how a staff transposes."""
        every = self._by_staff.get(_ALL_STAVES, _NONE)
        return self._by_staff.get(staff, every) if staff else self._by_staff.get("1", every)

    def _read(self, element: ET.Element) -> Transposition:
        chromatic = 0 if self.in_concert_pitch else number_in(element, "chromatic", 0, limit=48)
        # Without a diatonic step, the one whose key has the fewest signs.
        steps = number_in(element, "diatonic", round(chromatic * 7 / 12), limit=48)
        self.transposes |= chromatic % 12 != 0
        fifths = 7 * chromatic - 12 * steps if chromatic % 12 else 0
        return Transposition(chromatic + 12 * number_in(element, "octave-change", 0, limit=10), fifths)

    def _to_sounding(self, fifths: int, mode: str) -> WrittenKey:
        fifths += self.transposition("").fifths
        while abs(fifths) > 7:  # a key that is written otherwise, such as Db for C#
            fifths -= 12 if fifths > 0 else -12
        return WrittenKey(fifths, mode)


_NONE = Transposition()


def read_meter(time: ET.Element) -> Meter | None:
    """Return the meter of a `<time>`, such as 3+2/8 as 5/8; None if it is free, or none that can be."""
    beats = [element.text for element in time.findall("beats")]
    units = [element.text for element in time.findall("beat-type")]
    try:
        pairs = [
            (sum(int(number) for number in (count or "").split("+")), int(unit or ""))
            for count, unit in zip(beats, units, strict=True)
        ]
        denominator = max(unit for _, unit in pairs)
        numerator = sum(count * denominator // unit for count, unit in pairs)
        meter = Meter(numerator, denominator)
    except (ValueError, ZeroDivisionError):
        return None
    return meter if numerator <= _MOST_BEATS and denominator <= _SHORTEST_BEAT else None
