"""Tempi and dynamics in the directions of a score.

Conventions
-----------
Tempi are quarter notes to the minute. What a `<sound>` says is exact; a metronome mark may be a text, such
as "c. 72", or a range, of which the middle counts.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from musicvae.midi.reading.scores.dynamic_marks import dynamic_velocity
from musicvae.midi.reading.scores.musicxml.document.xml_values import read_number, text_in

_BEATS = {
    **{"maxima": 32.0, "long": 16.0, "breve": 8.0, "whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5},
    **{f"{2**power}th": 4 / 2**power for power in range(4, 11)},
    "32nd": 0.125,
}
_MARK = re.compile(r"(\d{1,4}(?:[.,]\d{1,4})?)(?:\s*[-–—]\s*(\d{1,4}(?:[.,]\d{1,4})?))?")
_SLOWEST, _FASTEST = 4, 2000
_FULL = 90  # the velocity of 100 %


def sound_tempo(sound: ET.Element | None) -> float | None:
    """Return the tempo that a `<sound>` sets, None if it sets none."""
    return None if sound is None or sound.get("tempo") is None else _within(_to_float(sound.get("tempo")))


def metronome_tempo(metronome: ET.Element) -> float | None:
    """Return the tempo of a metronome mark, None if it is a relation of notes or says no number."""
    marks = _MARK.search(text_in(metronome, "per-minute").replace(",", "."))
    children = [child.tag for child in metronome]
    if not marks or children.count("beat-unit") != 1:
        return None
    beats = _BEATS.get(text_in(metronome, "beat-unit"))
    if beats is None:
        return None
    dots = min(children.count("beat-unit-dot"), 4)
    numbers = [float(number) for number in marks.groups() if number]
    return _within(sum(numbers) / len(numbers) * beats * (2 - 0.5**dots))


def mark_velocity(dynamics: ET.Element) -> int | None:
    """Return the velocity from the first lasting mark of a `<dynamics>` on, None if it has none."""
    marks = ((mark.text or "").strip() if mark.tag == "other-dynamics" else mark.tag for mark in dynamics)
    return next((velocity for mark in marks if (velocity := dynamic_velocity(mark))), None)


def percent_velocity(percent: str | None) -> int | None:
    """Return the velocity of a loudness in percent, None if it is no number."""
    number = None if percent is None else _to_float(percent)
    return None if number is None or number < 0 else round(min(max(number * _FULL / 100, 1), 127))


def _to_float(text: str | None) -> float | None:
    try:
        return float(read_number(text))
    except ValueError:
        return None


def _within(bpm: float | None) -> float | None:
    return bpm if bpm is not None and _SLOWEST <= bpm <= _FASTEST else None
