"""Where barlines stand that come while all voices hold their notes.

Conventions
-----------
Early music has barlines within notes. Where all voices hold theirs, a barline is found where the next line of
notes begins, too late. One that makes its measure too long goes back to where the measure is whole, if all
voices hold there, and if the measure after it is then whole too, or, gone back likewise, the one after that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_LONGEST_CHAIN = 64  # barlines that go back one after another: a chain that ends badly is followed from each


class FoundBarline(NamedTuple):
    """A barline as it was found: its place, where the line before began, how long its measure is to be."""

    place: int
    line_before: int
    whole: tuple[int, ...]


def place_barlines(found: Sequence[FoundBarline]) -> list[int]:
    """Return where barlines stand, in order."""
    places = [barline.place for barline in found]
    index = 1
    while index < len(found):
        held = _follow_held(places[index - 1], found, index)
        places[index : index + len(held)] = held
        index += len(held) + 1
    return places


def _follow_held(start: int, found: Sequence[FoundBarline], first: int) -> list[int]:
    """Return where barlines stand that go back one after another from one on; none if it ends badly."""
    held: list[int] = []
    for number in range(first, min(first + _LONGEST_CHAIN, len(found))):
        barline = found[number]
        if not barline.whole:
            return []
        start += barline.whole[0]
        if start == barline.place:
            return held
        is_same_meter = barline.whole == found[min(number + 1, len(found) - 1)].whole
        if not (barline.line_before < start < barline.place and is_same_meter):
            return []
        held.append(start)
    return []
