"""Forms and meters as people write them: "AABA", "A8 B8 A'8", "4/4x8,3/4x8".

Conventions
-----------
A form is a row of sections. A section is a letter, of either case; sections of one letter are the
same note for note. Primes make it another section that takes up the plain one with changes: in
A A' B A' the second is a varied A, and the fourth says the second one again. A number is the
section's length in measures; without numbers all sections have one length. Spaces, commas and
hyphens between sections mean nothing.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.form.plans import Plan
from musicvae.midi.songs.song import MAX_MEASURES, Meter

_SECTION = re.compile(r"([A-Z])(['’′]*)(\d{0,9})(['’′]*)[\s,-]*", re.IGNORECASE)
_STRETCH = re.compile(r"\s*(\d+/\d+)\s*(?:[x×]\s*(\d{1,9})\s*)?", re.IGNORECASE)


class _Section(NamedTuple):
    letter: str
    primes: int
    length: int | None  # measures, if it is written


def parse_form(text: str, measures: int | None) -> Plan:
    """Return the plan of a form.

    What a section has more than the one that it takes up is new.

    Parameters
    ----------
    text : str
        Such as "AABA", or with lengths "A8 B8 A'8".
    measures : int, optional
        Of the whole; needed where the form has no lengths.

    Raises
    ------
    SongError
        If it is no form, or is not so long, or cannot be.
    """
    sections = _parse_sections(text)
    lengths = _find_lengths(text, sections, measures)
    source = np.full(sum(lengths), -1, np.int64)
    varied = np.zeros(len(source), bool)
    originals: dict[tuple[str, int], range] = {}  # the measures of sections that later ones can take up
    for section, length, end in zip(sections, lengths, accumulate(lengths), strict=True):
        own, plain, first = (section.letter, section.primes), (section.letter, 0), end - length
        if original := originals.get(own) or originals.get(plain):
            shared = min(length, len(original))
            source[first : first + shared] = original[:shared]
            varied[first : first + shared] = own not in originals
        elif section.primes:
            raise SongError(
                f"the form {text} varies {section.letter} before it has come: begin with {section.letter}"
            )
        if own not in originals or length > len(originals[own]):
            originals[own] = range(first, end)
    return Plan(source, varied)


def _parse_sections(text: str) -> list[_Section]:
    sections, end = [], 0
    text = text.strip()
    while found := _SECTION.match(text, end):
        letter, before, length, after = found.groups()
        sections.append(_Section(letter.upper(), len(before + after), int(length) if length else None))
        end = found.end()
    if not sections or end < len(text):
        raise SongError(f"{text!r} is not a form: write it as AABA, or with lengths as A8 B8 A'8")
    return sections


def _find_lengths(text: str, sections: list[_Section], measures: int | None) -> list[int]:
    """Return the length of each section in measures."""
    lengths = [section.length for section in sections if section.length is not None]
    if not lengths:
        return [_share(text, len(sections), measures)] * len(sections)
    if len(lengths) < len(sections):
        raise SongError(
            f"the form {text} has lengths for some sections: write one for each of them, or for none"
        )
    if min(lengths) < 1:
        raise SongError(f"the form {text} has a section of no length: give it a measure or more")
    _check_length(f"the form {text}", sum(lengths), measures)
    return lengths


def _share(text: str, sections: int, measures: int | None) -> int:
    """Return the length of each of some equal sections."""
    if measures is None:
        raise SongError(
            f"the form {text} has no lengths: say how many measures there are, or write it as A8 B8"
        )
    if measures < sections or measures % sections:
        below = measures // sections * sections
        fitting = f"{below} or {below + sections}" if below else f"{sections}"
        raise SongError(
            f"{measures} measures cannot be cut into {sections} sections of one length: "
            f"ask for {fitting}, or write the lengths into the form, as in A8 B8"
        )
    _check_length(f"the form {text}", measures, measures)
    return measures // sections


def parse_meters(text: str, measures: int | None) -> tuple[Meter, ...]:
    """Return the meter of each measure.

    Parameters
    ----------
    text : str
        One meter, such as "3/4", for all measures; or a list, such as "4/4x8,3/4x8", where a meter
        without a number stands for one measure.
    measures : int, optional
        How many; needed where the text does not say it.

    Raises
    ------
    SongError
        If there is no such meter, or the list has another number of measures.
    """
    stretches = [_parse_stretch(text, part) for part in text.split(",")]
    if len(stretches) == 1 and stretches[0][1] is None:
        if measures is None:
            raise SongError(f"say how many measures of {text.strip()} there are, as in {text.strip()}x16")
        _check_length(text, measures, measures)
        return (stretches[0][0],) * measures
    lengths = [1 if length is None else length for _, length in stretches]
    _check_length(text, sum(lengths), measures)
    return tuple(meter for (meter, _), length in zip(stretches, lengths, strict=True) for _ in range(length))


def _parse_stretch(text: str, part: str) -> tuple[Meter, int | None]:
    """Return a meter and, if it is written, for how many measures."""
    found = _STRETCH.fullmatch(part)
    length = int(found[2]) if found and found[2] else None
    try:
        if not found or length == 0:
            raise ValueError
        return Meter.parse(found[1]), length
    except ValueError:
        raise SongError(f"{text!r} is not a meter: write it as 3/4, or a list as 4/4x8,3/4x8") from None


def _check_length(what: str, length: int, measures: int | None) -> None:
    """Refuse a length other than the one asked for, and one that no song has."""
    if length > MAX_MEASURES:
        raise SongError(f"{what} has {length:,} measures: ask for {MAX_MEASURES:,} or fewer")
    if measures is not None and length != measures:
        raise SongError(f"{what} has {length} measures, not {measures}: ask for {length}, or for no number")
