"""What a token of **kern says: its pitches, how long they sound, their ties, and when the next one begins.

Conventions
-----------
Lengths are whole numbers of a unit of which every length in the file is a multiple, so that sums are exact.
"4" is a quarter, "4." a dotted one, "3%2" two thirds of a whole note, "0" a breve, "00" a longa. Grace
notes ("q", "Q") last nothing, nor does a chord in which one is. Notes of other chords keep their own lengths;
the first says when the path goes on.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from musicvae.midi.reading.scores.score_walk import to_ticks
from musicvae.midi.songs.key import LETTERS

UNSIZED = "notes without a length were read as quarters"
UNREADABLE = "tokens that are neither notes nor rests were left out"

_LENGTH = re.compile(r"(\d+)(?:%(\d+))?", re.ASCII)
_LETTERS = frozenset("abcdefgABCDEFG")  # lower ones from C4 on
_DIGITS, _DOTS = 5, 4  # of a length
_LONGEST = 32  # whole notes; what is longer is damage
_MOST_LETTERS, _MOST_SIGNS = 8, 3  # of a pitch


class KernNote(NamedTuple):
    """A note of a token: MIDI pitch, length, tie ("[" begins one, "_" goes on, "]" ends it, "" is none)."""

    pitch: int
    length: int
    tie: str


class KernToken(NamedTuple):
    """What a token says: its notes (none of a rest), how far its path goes on, and what is wrong with it."""

    notes: tuple[KernNote, ...]
    length: int
    fault: str = ""


class TokenReader:
    """What reads the tokens of one file, each kind of token once.

    Attributes
    ----------
    whole : int
        Units in a whole note.
    """

    def __init__(self, text: str) -> None:
        lines = (line for line in text.split("\n") if line and line[0] not in "!*=")
        tokens = {token for line in lines for token in line.split("\t")}
        found = {_write_length(written) for token in tokens for written in token.split(" ")}
        lengths = {length: parsed for length in found if (parsed := _parse_length(*length))}
        self.whole = lcm(4, *(length.denominator for length in lengths.values()))
        self._units = {written: int(length * self.whole) for written, length in lengths.items()}
        self._read: dict[str, KernToken] = {}

    def read(self, token: str) -> KernToken:
        """Return what a token says."""
        if (known := self._read.get(token)) is None:
            known = self._read[token] = self._parse(token)
        return known

    def ticks(self, units: int) -> int:
        """Return a time in ticks, to the nearest."""
        return to_ticks(units, self.whole)

    def _parse(self, token: str) -> KernToken:
        notes: list[KernNote] = []
        length, fault = (0, "") if "q" in token or "Q" in token else (None, "")
        onward = length
        for written in token.split(" "):
            length = length if length == 0 else self._units.get(_write_length(written), length)
            pitch = None if "r" in written else _parse_pitch(written)
            if pitch is not None:
                if length is None:
                    length, fault = self.whole // 4, UNSIZED
                notes.append(KernNote(pitch, length, _tie(written)))
            onward = length if onward is None else onward
        return KernToken(tuple(notes), onward or 0, UNREADABLE if onward is None else fault)


def _write_length(written: str) -> tuple[str, str, int]:
    """Return number, divisor and dots of a note or rest, which may stand anywhere; "" for no number."""
    found = _LENGTH.search(written)
    return (found[1], found[2] or "", written.count(".")) if found else ("", "", 0)


def _parse_length(number: str, divisor: str, dots: int) -> Fraction | None:
    """Return a length in whole notes, None if it can be none."""
    if not number or len(number) > _DIGITS or len(divisor) > _DIGITS or dots > _DOTS:
        return None
    is_breve = set(number) == {"0"}  # or longer
    length = Fraction(2 ** len(number)) if is_breve else Fraction(int(divisor or 1), int(number))
    length *= 2 - Fraction(1, 2**dots)
    return length if 0 < length <= _LONGEST else None


def _parse_pitch(written: str) -> int | None:
    """Return the pitch that letters and signs say, which may stand anywhere; of mistyped letters the most."""
    letters = [sign for sign in written if sign in _LETTERS]
    if not letters or len(letters) > _MOST_LETTERS:
        return None
    step = max(letters, key=letters.count)
    octave = 4 + len(letters) if step.islower() else 5 - len(letters)
    sharps = written.count("#") - written.count("-")
    return 12 * octave + LETTERS[step.upper()] + max(-_MOST_SIGNS, min(sharps, _MOST_SIGNS))


def _tie(written: str) -> str:
    begins, ends = "[" in written, "]" in written
    return "_" if "_" in written or (begins and ends) else "[" if begins else "]" if ends else ""
