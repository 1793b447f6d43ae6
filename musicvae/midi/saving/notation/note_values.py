"""Lengths as people write them: note values tied together, cut where beats begin.

Conventions
-----------
Times are in beats (quarter notes) from the beginning of the measure, exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

_TYPES = {
    Fraction(4): "whole",
    Fraction(2): "half",
    Fraction(1): "quarter",
    Fraction(1, 2): "eighth",
    Fraction(1, 4): "16th",
    Fraction(1, 8): "32nd",
    Fraction(1, 16): "64th",
    Fraction(1, 32): "128th",
    Fraction(1, 64): "256th",
}


class NoteValue(NamedTuple):
    """A note value that has a sign of its own.

    Parameters
    ----------
    beats : Fraction
        As it sounds.
    type : str
    is_dotted : bool
    tuplet : int
        How many of its kind sound in the time of the next lower power of two: 3 in a triplet, 1 in none.
    """

    beats: Fraction
    type: str
    is_dotted: bool = False
    tuplet: int = 1

    @property
    def in_the_time_of(self) -> int:
        """In the time of how many plain ones those of its tuplet sound."""
        return count_plain(self.tuplet)


def count_plain(tuplet: int) -> int:
    """Return the highest power of two that is no larger than a number of notes."""
    return 1 << (tuplet.bit_length() - 1)


# Longest first; a dotted note of a triplet is written by nobody.
_VALUES = sorted(
    [
        *(NoteValue(beats, name) for beats, name in _TYPES.items()),
        *(NoteValue(beats * 3 / 2, name, is_dotted=True) for beats, name in _TYPES.items()),
        *(NoteValue(beats * 2 / 3, name, tuplet=3) for beats, name in _TYPES.items() if beats <= 2),
    ],
    key=lambda value: (-value.beats, value.tuplet),
)
_BY_BEATS = {value.beats: value for value in reversed(_VALUES)}


def write_length(start: Fraction, length: Fraction) -> list[NoteValue]:
    """Return the note values that a length is written with, each tied to the next.

    One value where it has a sign and begins on a beat or ends with it; else it is cut at beats. Fifths,
    sevenths and so on of a beat are written as tuplets. What is too short for any sign is given to the last
    value.

    Parameters
    ----------
    start, length : Fraction
    """
    values: list[NoteValue] = []
    end = start + length
    while start < end:
        until = _cut(start, end)
        for value in _within(until - start):
            values.append(value)
        start = until
    if left := length - sum((value.beats for value in values), Fraction(0)):
        last = values.pop() if values else _VALUES[-1]._replace(beats=Fraction(0))
        values.append(last._replace(beats=last.beats + left))
    return values


def _cut(start: Fraction, end: Fraction) -> Fraction:
    """Return up to where the next value, or the next few within a beat, may reach."""
    if start.denominator == 1 or end <= start // 1 + 1:
        sole = _BY_BEATS.get(end - start)
        whole = Fraction(end // 1)
        return end if (sole and sole.tuplet == 1) or whole <= start else whole
    return Fraction(start // 1 + 1)


def _within(length: Fraction) -> Iterator[NoteValue]:
    """Yield one value or two that make up a length, the two as long as can be; else the longest that fit."""
    if sole := _BY_BEATS.get(length):
        yield sole
        return
    tuplet = _odd_part(length.denominator)
    if tuplet > 3:
        faster = Fraction(tuplet, count_plain(tuplet))
        for value in _within(length * faster):
            yield value._replace(beats=value.beats / faster, tuplet=tuplet)
        return
    rests = ((value, _BY_BEATS.get(length - value.beats)) for value in _VALUES)
    pairs = [(value, rest) for value, rest in rests if rest]
    if pair := max(pairs, key=lambda pair: min(value.beats for value in pair), default=None):
        yield from pair
        return
    for value in _VALUES:
        if value.beats <= length:
            yield value
            length -= value.beats
            if not length:
                return


def _odd_part(number: int) -> int:
    while number % 2 == 0:
        number //= 2
    return number
