"""The signs of a line of ABC music, told apart by one expression.

Conventions
-----------
`TOKEN.finditer(line)` yields all of them in turn; `lastgroup` is the kind of each, None for what says
nothing (blanks, slurs, a line's end, "Hx|": a fermata on a barline). The parts of a note and a chord are
groups of their own.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_keys import ALTER
from musicvae.midi.songs.key import LETTERS

TOO_LONG = "a note of it is far too long to be music"

_LENGTH = r"[0-9]*(?:/[0-9]*)*"
# With blanks in it and nothing but notes, it is no decoration: these are two line breaks of old.
_DECORATION = r"!(?:[^!|\s]{1,40}|(?=[^!|\n]*[h-wyH-WY])[^!|\n]{1,40})!"
NOTE = r"(?:(?P<sign>\^{1,2}|_{1,2}|=)(?P<micro>[0-9]*/[0-9]*)?)?(?P<letter>[A-Ga-g])(?P<octave>[,']*)"
_INNER = rf'(?P<inner>(?:"[^"\n]*"|{_DECORATION}|[^\[\]"|!:\n])*)'

TOKEN = re.compile(
    rf"""(?:(?P<note>{NOTE}(?P<length>{_LENGTH}))
    |(?P<bar>(?:\.(?=\|))?(?:\[(?=\|)|:+(?=\|))?\|[|\]:]*(?:[0-9][0-9,.\-]*)?|:+\]?(?:[0-9][0-9,.\-]*)?)
    |(?P<rest>[zx](?P<rest_length>{_LENGTH}))
    |(?P<whole>[ZX](?P<measures>[0-9]*))
    |(?P<broken>>+|<+)
    |(?P<tie>-)
    |"(?P<text>[^"\n]*)"
    |(?P<overlays>\(&)
    |\((?P<tuplet>[0-9][0-9]?(?::[0-9]*){{0,2}})
    |\[(?P<field>[A-Za-z]:[^\[\]\n]*)\]
    |(?P<volta>\[\s*[0-9][0-9,.\-]*)
    |(?P<chord>\[{_INNER}\](?P<chord_length>{_LENGTH}))
    |{{(?P<grace>[^{{}}\n]*)}}
    |Hx(?=\s*:*\|)
    |(?P<mark>{_DECORATION}|\+[^+|\n]{{1,40}}\+|[H-Wh-w~.])
    |(?P<caught_up>&\))
    |(?P<overlay>&)
    |y[0-9./]*
    |\["[^"\n]*"
    |\([,']?
    |[\s)`\\$*!]
    |(?P<other>.))[ ]*""",
    re.VERBOSE,
)
_MEMBER = re.compile(rf"(?:{NOTE}|[zx])(?P<length>{_LENGTH})(?P<tie>-?)")
_TEXT_OR_DECORATION = re.compile(rf'"[^"]*"|{_DECORATION}')

_MIDDLE_C = 60
_STEPS = {letter: step for step, letter in enumerate([*LETTERS, *"cdefgab"])}
_SEMITONES = tuple(LETTERS.values())  # of C, D, E, F, G, A, B above C
_LONGEST = 100_000  # units
_MOST_OCTAVES = 10  # up or down; beyond that no pitch is one of MIDI


class AbcNote(NamedTuple):
    """A note as written: step, accidental, length.

    Parameters
    ----------
    step : int or None
        Steps of the scale above middle C; None for a rest in a chord.
    alter : int or None
        Semitones of its accidental, None if it has none.
    above, below : int
        Its length in units: a fraction.
    is_tied : bool
        Whether it alone of a chord is tied to the next.
    is_rounded : bool
        Whether its accidental is less than a semitone.
    """

    step: int | None
    alter: int | None
    above: int
    below: int
    is_tied: bool = False
    is_rounded: bool = False


def read_number(digits: str) -> int:
    """Return what some digits say; a number too long to mean anything stays large, and is quick to read."""
    return int(digits.strip()[:9] or 0)


@lru_cache(maxsize=4096)
def read_length(text: str) -> tuple[int, int]:
    """Return a length such as "3/2" or "//" as a fraction of the unit.

    Raises
    ------
    SongError
        If nothing lasts so long.
    """
    first, *divisors = text.split("/")
    above, below = read_number(first) if first else 1, 1
    for divisor in divisors:
        below = min(below * (read_number(divisor) if divisor.strip("0") else 2), _LONGEST)
    if above > _LONGEST:
        raise SongError(TOO_LONG)
    return above, below


@lru_cache(maxsize=4096)
def read_note(
    sign: str | None, micro: str | None, letter: str | None, octave: str | None, length: str, tie: str = ""
) -> AbcNote:
    """Return a note from the groups of that name; one without a letter is a rest."""
    step = None if letter is None else _STEPS[letter] + 7 * _count_octaves(octave or "")
    alter = ALTER[sign] if sign else None
    if sign and micro:
        alter = (1 if "^" in sign else -1 if "_" in sign else 0) * round(Fraction(*read_length(micro)))
    return AbcNote(step, alter, *read_length(length), bool(tie), bool(micro))


def read_members(inner: str) -> list[AbcNote]:
    """Return the notes between the brackets of a chord."""
    if '"' in inner or "!" in inner:
        inner = _TEXT_OR_DECORATION.sub("", inner)
    return [
        read_note(*member.group("sign", "micro", "letter", "octave", "length", "tie"))
        for member in _MEMBER.finditer(inner)
    ]


def natural_pitch(step: int) -> int:
    """Return the pitch of a step of the scale of C."""
    octave, letter = divmod(step, 7)
    return _MIDDLE_C + 12 * octave + _SEMITONES[letter]


def _count_octaves(signs: str) -> int:
    return max(-_MOST_OCTAVES, min(signs.count("'") - signs.count(","), _MOST_OCTAVES))
