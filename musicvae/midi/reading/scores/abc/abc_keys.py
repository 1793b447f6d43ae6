"""The K: field of ABC: which letters it sharpens and flattens, and the name of the key.

Conventions
-----------
The pipes (`K:HP`, `K:Hp`) sound C sharp and F sharp, whether the staff shows them or not. `exp` keeps none
but the accidentals that are written; otherwise these come on top of the mode's. `K:EM` is E minor: so
books in capitals have it, and abc2midi.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from musicvae.midi.songs.key import LETTERS, LINE_OF_FIFTHS, MODES, name_signature, signature_fifths

_LETTERS = "".join(LETTERS)
_EXPLICIT = "exp"
_KEY = re.compile(
    r"""\s*(?:(?P<none>none)\b
    | (?P<pipes>H[Pp])\b
    | (?P<tonic>[A-Ga-g])(?P<sign>[#b♯♭]?)\s*
      (?:(?P<mode>(?i:maj|min|mix|ion|aeo|dor|phr|lyd|loc|exp))[A-Za-z]*|(?P<short>m|M|mi)?(?![A-Za-z])))""",
    re.VERBOSE,
)
_ACCIDENTAL = re.compile(r"(\^{1,2}|_{1,2}|=)([A-Ga-g])")
ALTER = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}


class AbcKey(NamedTuple):
    """A key: semitones by which it alters C, D, ... B; its fifths (None if it has no name) and mode."""

    alters: tuple[int, ...] = (0,) * 7
    fifths: int | None = None
    mode: str = "major"

    def name(self, semitones: int = 0) -> str:
        """Return the name of the key moved up by semitones, "" if it has none."""
        if self.fifths is None:
            return ""
        fifths = (self.fifths + 7 * semitones + 5) % 12 - 5 if semitones % 12 else self.fifths
        return name_signature(fifths, self.mode)


def parse_key(text: str) -> AbcKey | None:
    """Return the key that a K: field names, None if it names none.

    Parameters
    ----------
    text : str
        What stands behind the colon, without clef and octave.
    """
    written = _KEY.match(text)
    accidentals = _ACCIDENTAL.findall(text[written.end() :] if written else text)
    if not written and not accidentals:
        return None
    named = _named(written) if written else AbcKey()
    alters = list(named.alters)
    for sign, letter in accidentals:
        alters[_LETTERS.index(letter.upper())] = ALTER[sign]
    if named.fifths is None:
        return _nameless(tuple(alters))
    return named._replace(alters=tuple(alters))


def _named(written: re.Match[str]) -> AbcKey:
    """Return the key as its tonic and mode say; one of none but written accidentals has no fifths yet."""
    if written["pipes"]:
        return AbcKey(_signature(2), 2)
    mode = (written["mode"] or "").lower()
    if written["none"] or mode == _EXPLICIT:
        return AbcKey()
    name = MODES["min" if written["short"] else mode or "maj"]
    fifths = signature_fifths(written["tonic"].upper(), written["sign"], name)
    return AbcKey(_signature(fifths), fifths, name)


def _nameless(alters: tuple[int, ...]) -> AbcKey:
    """Return a key of written accidentals, named where they are those of a signature."""
    fifths = sum(alters)
    return AbcKey(alters, fifths if fifths and alters == _signature(fifths) else None)


def _signature(fifths: int) -> tuple[int, ...]:
    """Return the alterations of C, D, E, F, G, A, B in a signature of so many sharps."""
    return tuple((fifths + 6 - LINE_OF_FIFTHS.index(letter)) // 7 for letter in LETTERS)
