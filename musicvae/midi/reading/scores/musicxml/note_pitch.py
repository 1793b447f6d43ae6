"""How high a note is: the pitch that is written, or the drum that an unpitched note is for.

Conventions
-----------
A note is at hand as its children by their tags.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator

from musicvae.midi.reading.scores.musicxml.document.part_list import ListedPart
from musicvae.midi.reading.scores.musicxml.document.xml_values import read_number
from musicvae.midi.songs.drum_staff import drum_on_line
from musicvae.midi.songs.key import LETTERS

_SIGN = {
    **{"sharp": 1, "natural": 0, "flat": -1, "double-sharp": 2, "sharp-sharp": 2, "flat-flat": -2},
    **{"double-flat": -2, "natural-sharp": 1, "natural-flat": -1, "triple-sharp": 3, "triple-flat": -3},
}
_ALTER = {"0": 0, "1": 1, "-1": -1, "2": 2, "-2": -2}  # as nearly all are written
_HIGHEST_OCTAVE, _LARGEST_SIGN = 12, 12
_NOWHERE = -1  # no line of the staff
MICROTONES = "microtones moved to the nearest semitone"  # a notice

Said = dict[str, ET.Element]  # the children of a note by their tags


def pitch_of(said: Said, noticed: Counter[str]) -> int:
    """Return the pitch that a note is written with.

    Raises
    ------
    ValueError, KeyError, TypeError
        If it is damaged.
    """
    written = {child.tag: child.text for child in said["pitch"]}
    if "alter" in written:
        semitones = alter_of(written["alter"], noticed)
    else:  # the sign that is drawn, then: some programs leave out the sound
        semitones = _SIGN.get((said["accidental"].text or "").strip(), 0) if "accidental" in said else 0
    return _place(written["step"], written["octave"]) + semitones


def alter_of(text: str | None, noticed: Counter[str]) -> int:
    """Return a sign as semitones, the nearest ones.

    Raises
    ------
    ValueError
        If it is none.
    """
    if text in _ALTER:
        return _ALTER[text]
    sign = read_number(text)
    if abs(sign) > _LARGEST_SIGN:
        raise ValueError(f"not a sign: {text}")
    if sign.denominator > 1:
        noticed[MICROTONES] += 1
    return round(sign)


def step_of(text: str | None) -> int:
    """Return the semitones of a step above C.

    Raises
    ------
    KeyError
        If it is none.
    """
    return LETTERS[(text or "").strip().upper()]


class DrumKit:
    """The drums of a part.

    Parameters
    ----------
    listed : ListedPart
    measures : iterable of xml.etree.ElementTree.Element
        Of the part. A part whose notes stand on one line has one drum; more lines are a kit.
    """

    def __init__(self, listed: ListedPart, measures: Iterable[ET.Element]) -> None:
        self._instruments = listed.instruments
        self._all_drums = listed.is_drums
        self._only = listed.only_drum
        if self._only is not None:
            lines = {place for measure in measures for place in _lines(measure)}
            self._only = self._only if len(lines) <= 1 else None
        self.plays_pitches = any(one.is_drums for one in self._instruments.values())

    def key(self, said: Said) -> int:
        """Return the key of an unpitched note: that of its instrument, of the one drum, or of its line.

        Raises
        ------
        ValueError, KeyError, TypeError
            If it is damaged.
        """
        key = self._key_of_instrument(said)
        if key is not None:
            return key
        drum = said["unpitched"]
        if drum.find("display-step") is None:
            return drum_on_line(_NOWHERE)
        return drum_on_line(_place(drum.findtext("display-step"), drum.findtext("display-octave")))

    def key_of_pitch(self, said: Said, pitch: int) -> int | None:
        """Return the key of a note that is written as a pitch; None if its instrument is no drum."""
        instrument = self._instruments.get(_instrument_id(said))
        if not (self._all_drums if instrument is None else instrument.is_drums):
            return None
        key = self._key_of_instrument(said)
        return pitch if key is None else key

    def _key_of_instrument(self, said: Said) -> int | None:
        instrument = self._instruments.get(_instrument_id(said))
        return self._only if instrument is None or instrument.drum is None else instrument.drum


def _instrument_id(said: Said) -> str:
    return said["instrument"].get("id", "") if "instrument" in said else ""


def _lines(measure: ET.Element) -> Iterator[tuple[str | None, str | None]]:
    for drum in measure.iter("unpitched"):
        yield drum.findtext("display-step"), drum.findtext("display-octave")
    for pitch in measure.iter("pitch"):
        yield pitch.findtext("step"), pitch.findtext("octave")


def _place(step: str | None, octave: str | None) -> int:
    number = int(octave or "")
    if abs(number) > _HIGHEST_OCTAVE:
        raise ValueError(f"not an octave: {octave}")
    return 12 * number + 12 + step_of(step)
