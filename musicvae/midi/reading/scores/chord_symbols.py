"""Chord symbols as pitches: "F#m7b5/A", or the root, kind and degrees of MusicXML.

Conventions
-----------
The root sounds in the octave from C3 (48), the other notes above it, a bass note in the octave below.
Pitch classes count semitones from C. A quality that is not known sounds as its triad.
"""

from __future__ import annotations

import re

from musicvae.midi.songs.key import ACCIDENTALS, LETTERS

_ROOT_OCTAVE = 48
# The seventh is that of a dominant chord.
_SCALE = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 9: 14, 10: 16, 11: 17, 12: 19, 13: 21}

# Degrees of each quality, each with its semitones above the root.
_MAJOR, _MINOR = {3: 4, 5: 7}, {3: 3, 5: 7}
_DIMINISHED, _AUGMENTED = {3: 3, 5: 6}, {3: 4, 5: 8}
_QUALITIES = {
    "": _MAJOR,
    "m": _MINOR,
    "dim": _DIMINISHED,
    "aug": _AUGMENTED,
    "5": {5: 7},
    "6": _MAJOR | {6: 9},
    "m6": _MINOR | {6: 9},
    "69": _MAJOR | {6: 9, 9: 14},
    "m69": _MINOR | {6: 9, 9: 14},
    "7": _MAJOR | {7: 10},
    "maj7": _MAJOR | {7: 11},
    "m7": _MINOR | {7: 10},
    "mmaj7": _MINOR | {7: 11},
    "dim7": _DIMINISHED | {7: 9},
    "m7b5": _DIMINISHED | {7: 10},
    "aug7": _AUGMENTED | {7: 10},
    "augmaj7": _AUGMENTED | {7: 11},
    "9": _MAJOR | {7: 10, 9: 14},
    "maj9": _MAJOR | {7: 11, 9: 14},
    "m9": _MINOR | {7: 10, 9: 14},
    "mmaj9": _MINOR | {7: 11, 9: 14},
    "11": _MAJOR | {7: 10, 9: 14, 11: 17},
    "maj11": _MAJOR | {7: 11, 9: 14, 11: 17},
    "m11": _MINOR | {7: 10, 9: 14, 11: 17},
    "13": _MAJOR | {7: 10, 9: 14, 13: 21},
    "maj13": _MAJOR | {7: 11, 9: 14, 13: 21},
    "m13": _MINOR | {7: 10, 9: 14, 13: 21},
    "sus2": {2: 2, 5: 7},
    "sus4": {4: 5, 5: 7},
    "7sus4": {4: 5, 5: 7, 7: 10},
    "9sus4": {4: 5, 5: 7, 7: 10, 9: 14},
}
_SAME = [  # as people write a quality, and its name here; in this order
    (r"[()\s,]", ""),
    (r"alt(?:ered)?$", ""),
    (r"^(?:7M|7[Mm]aj)", "maj7"),
    (r"(?:Maj|MAJ|maj|Ma|MA|ma|M|Δ|\^)(?=7|9|11|13)", "maj"),
    (r"Δ|^j7", "maj7"),
    (r"^(?:major|Maj|MAJ|maj|Ma|M)(?=$|\d|add|b|#)(?!7|9|11|13)", ""),
    (r"^(?:minor|min|Min|mi|Mi|-)", "m"),
    (r"°|º|^o(?=7|$)", "dim"),
    (r"ø7?", "m7b5"),
    (r"^(?:augmented|\+)", "aug"),
    (r"^diminished", "dim"),
    (r"sus$|sus(?=[^24])", "sus4"),
    (r"^([79])sus4?", r"\1sus4"),
    (r"6/9", "69"),
]
_SIGN = r"(##|♯♯|bb(?!\d)|♭♭|[#♯b♭]?)"
_SYMBOL = re.compile(rf"([A-G]){_SIGN}(.*)", re.DOTALL)
_IN_BRACKETS = re.compile(r"\((.*)\)", re.DOTALL)
_ANOTHER = re.compile(r"(?<=\S)(?:\s+|\s*\()[A-G].*", re.DOTALL)  # a chord beside the first, or in its place
_ALMOST = re.compile(r"\(?[A-G](?:[#♯b♭]|$|[^a-z\s.]|m(?![a-z])|maj|min|dim|aug|sus|add)")
_ALTERED = re.compile(r"(add|no|omit)?([#♯b♭]?)(\d+)")
_NONE = re.compile(r"\s*(N\.?\s?C\.?|no chord|tacet)\s*", re.IGNORECASE)

# Kinds of MusicXML 4.0 (data type kind-value) by the names of qualities here; others are triads.
KINDS = {
    **{"major": "", "minor": "m", "augmented": "aug", "diminished": "dim", "power": "5"},
    **{"dominant": "7", "major-seventh": "maj7", "minor-seventh": "m7", "diminished-seventh": "dim7"},
    **{"augmented-seventh": "aug7", "half-diminished": "m7b5", "major-minor": "mmaj7"},
    **{"major-sixth": "6", "minor-sixth": "m6"},
    **{"dominant-ninth": "9", "major-ninth": "maj9", "minor-ninth": "m9"},
    **{"dominant-11th": "11", "major-11th": "maj11", "minor-11th": "m11"},
    **{"dominant-13th": "13", "major-13th": "maj13", "minor-13th": "m13"},
    **{"suspended-second": "sus2", "suspended-fourth": "sus4"},
}


def parse_chord(symbol: str) -> tuple[int, ...] | None:
    """Return the pitches of a chord symbol, low to high; none for "N.C."; None if it is no chord symbol.

    Parameters
    ----------
    symbol : str
        Such as "C", "F#m7b5", "Bb7(#9)" or "D/F#".
    """
    if _NONE.fullmatch(symbol):
        return ()
    whole = symbol.strip()
    if (bracketed := _IN_BRACKETS.fullmatch(whole)) is not None:
        whole = bracketed[1].strip()
    whole = _ANOTHER.sub("", whole)
    name, slash, below = whole.rpartition("/")
    bass = _read_pitch_class(below) if slash else None
    if bass is None:
        name = whole
    if not (written := _SYMBOL.fullmatch(name)):
        return None
    letter, sign, said = written.groups()
    for pattern, quality in _SAME:
        said = re.sub(pattern, quality, said)
    degrees = read_quality(said)
    root = LETTERS[letter] + sum(ACCIDENTALS[one] for one in sign)
    return None if degrees is None else chord_pitches(root, degrees, bass)


def is_almost_chord(symbol: str) -> bool:
    """Say whether a text that is no chord symbol that is known begins as one does, and not as a word."""
    return _ALMOST.match(symbol.strip()) is not None


def read_quality(said: str) -> dict[int, int] | None:
    """Return the degrees of a quality with its alterations, None if words are left of it."""
    quality = next(name for name in sorted(_QUALITIES, key=len, reverse=True) if said.startswith(name))
    degrees, rest = dict(_QUALITIES[quality]), said[len(quality) :].replace("/", "")
    while altered := _ALTERED.match(rest):
        verb, sign, degree = altered.groups()
        alter_degree(degrees, int(degree), ACCIDENTALS[sign], "subtract" if verb in ("no", "omit") else "add")
        rest = rest[altered.end() :]
    return None if re.search(r"[^\W\d]", rest) else degrees


def alter_degree(degrees: dict[int, int], degree: int, semitones: int, verb: str) -> None:
    """Alter, add or subtract a degree of a chord, in place.

    Parameters
    ----------
    degrees : dict of int to int
        Semitones above the root of each degree.
    degree : int
        One that no chord has is ignored.
    semitones : int
        How far it is altered.
    verb : {"add", "alter", "subtract"}
        What is added is counted from a dominant chord, what is altered from the chord that there is.
    """
    if verb == "subtract":
        degrees.pop(degree, None)
    elif verb == "alter" and degree in degrees:
        degrees[degree] += semitones
    elif degree in _SCALE:
        degrees[degree] = _SCALE[degree] + semitones


def chord_pitches(root: int, degrees: dict[int, int], bass: int | None = None) -> tuple[int, ...]:
    """Return the pitches of a chord, low to high.

    Parameters
    ----------
    root : int
        Pitch class.
    degrees : dict of int to int
    bass : int, optional
        Pitch class of the lowest note, where that is another than the root.
    """
    lowest = _ROOT_OCTAVE + root % 12
    pitches = {lowest, *(lowest + semitones for semitones in degrees.values())}
    if bass is not None and bass % 12 != root % 12:
        pitches = {pitch for pitch in pitches if pitch % 12 != bass % 12} | {_ROOT_OCTAVE - 12 + bass % 12}
    return tuple(sorted(pitches))


def _read_pitch_class(name: str) -> int | None:
    written = re.fullmatch(r"\s*([A-Ga-g])([#♯b♭]?)\s*", name)
    return LETTERS[written[1].upper()] + ACCIDENTALS[written[2]] if written else None
