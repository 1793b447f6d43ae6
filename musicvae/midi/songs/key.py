"""Keys: the one that a song is most likely in, from its notes alone; names of keys and of pitches.

Conventions
-----------
A key is a number: 1..12 for C major up to B major, 13..24 for C minor up to B minor, 0 for none. It is
written as "G major" or "F# minor", spelt with the fewest accidentals. Pitch classes count
semitones from C, 0..11. One key is found for the whole song; modes and modulations are not.

Method: Krumhansl and Schmuckler (C. L. Krumhansl, Cognitive Foundations of Musical Pitch, 1990,
chapter 4): the time that each pitch class sounds is correlated with how well it was felt to
belong to each key (the probe-tone profiles of Krumhansl and Kessler 1982).
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.songs.song import Song

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_KEYS = [
    *(f"{tonic} major" for tonic in ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")),
    *(f"{tonic} minor" for tonic in ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")),
]
_PITCHES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}  # semitones above C
ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}  # semitones, as they are written behind a letter
LINE_OF_FIFTHS = "FCGDAEB"  # the next letter is a fifth above
_MOST_FIFTHS = 7  # sharps or flats of a signature
# How many fifths the tonic of a mode lies above that of the major key with the same signature.
_FIFTHS_ABOVE_MAJOR = {
    **{"lydian": -1, "major": 0, "ionian": 0, "mixolydian": 1, "dorian": 2},
    **{"minor": 3, "aeolian": 3, "phrygian": 4, "locrian": 5},
}
MODES = {  # by the three letters that tell them apart
    **{"maj": "major", "ion": "major", "min": "minor", "aeo": "minor"},
    **{mode[:3]: mode for mode in ("lydian", "mixolydian", "dorian", "phrygian", "locrian")},
}
# A tonic and its mode: "M" alone among the words for a mode is another thing than "m".
_WRITTEN = re.compile(r"\s*([A-Ga-g])([#♯b♭]?)\s*(?:(M|(?i:major|maj))|(m|(?i:minor|min)))?\s*")


def _standardise(profiles: np.ndarray) -> np.ndarray:
    """Return profiles with mean 0 and standard deviation 1 along the last axis."""
    return (profiles - profiles.mean(-1, keepdims=True)) / profiles.std(-1, keepdims=True)


# A profile for each key: both of C, moved up by 0..11 semitones. Shape (24, 12).
_PROFILES = _standardise(np.array([np.roll(of_c, tonic) for of_c in (_MAJOR, _MINOR) for tonic in range(12)]))


def find_key(song: Song) -> int:
    """Return the key of a song, 1..24, or 0 if it has no pitched notes or no pitch class stands out."""
    histogram = pitch_class_histogram(song)
    if np.ptp(histogram) == 0:
        return 0
    correlation = _PROFILES @ _standardise(histogram) / 12
    return 1 + int(correlation.argmax())


def pitch_class_histogram(song: Song) -> np.ndarray:
    """Return for how many steps each pitch class sounds, drums left out, shape (12,)."""
    is_drums = np.array([part.is_drums for part in song.parts], bool)
    notes = song.notes[~is_drums[song.notes["part"]]]
    return np.bincount(notes["pitch"] % 12, notes["length"], minlength=12)


def key_name(key: int) -> str:
    """Return a key as it is written, "" for none."""
    return ["", *_KEYS][key]


def name_signature(fifths: int, mode: str = "major") -> str:
    """Return the key of a signature, such as "Bb major" or "A dorian".

    Parameters
    ----------
    fifths : int
        Number of sharps; negative for flats.
    mode : str
        Of the church modes, major or minor; any other counts as major.
    """
    mode = mode if mode in _FIFTHS_ABOVE_MAJOR else "major"
    accidentals, letter = divmod(fifths + 1 + _FIFTHS_ABOVE_MAJOR[mode], 7)
    return f"{LINE_OF_FIFTHS[letter]}{'#' * accidentals}{'b' * -accidentals} {mode}"


def signature_fifths(letter: str, accidental: str, mode: str) -> int:
    """Return the sharps of the signature of a key, negative for flats.

    Parameters
    ----------
    letter : str
        Of the tonic: one of `LETTERS`.
    accidental : str
        One of `ACCIDENTALS`.
    mode : str
        As `name_signature` has it.
    """
    return LINE_OF_FIFTHS.index(letter) - 1 + 7 * ACCIDENTALS[accidental] - _FIFTHS_ABOVE_MAJOR[mode]


class Signature(NamedTuple):
    """A key signature: its sharps (flats are negative), and the mode of its key."""

    fifths: int
    mode: str


def parse_signature(name: str) -> Signature | None:
    """Return the signature of a key; None if it has no signature. Inverse of `name_signature`."""
    mode = name.partition(" ")[2]
    for fifths in range(-_MOST_FIFTHS, _MOST_FIFTHS + 1):
        if name_signature(fifths, mode) == name:
            return Signature(fifths, mode)
    return None


def has_signature(name: str) -> bool:
    """Say whether a key can be written with seven accidentals at most."""
    return parse_signature(name) is not None


def pitch_name(pitch: int) -> str:
    """Return the name of a pitch, such as "C4" for 60."""
    return f"{_PITCHES[pitch % 12]}{pitch // 12 - 1}"


def parse_key(text: str) -> int:
    """Return the number of a key, 1..24, as people write it: "G", "Gmaj", "g minor", "F#m", "A# major".

    Without a mode it is major.

    Raises
    ------
    SongError
        If it is not a key.
    """
    if not (written := _WRITTEN.fullmatch(text)):
        raise SongError(f"{text!r} is not a key: write it as G major, F#m or Bb minor")
    letter, accidental, _, minor = written.groups()
    tonic = LETTERS[letter.upper()] + ACCIDENTALS[accidental]
    return 1 + 12 * bool(minor) + tonic % 12


def transpose_key(key: np.ndarray, semitones: np.ndarray) -> np.ndarray:
    """Return keys moved up by semitones; none (0) stays none.

    Parameters
    ----------
    key : np.ndarray of int
    semitones : np.ndarray of int
        Of a shape that goes with that of `key`; negative is down.
    """
    mode, tonic = np.divmod(key - 1, 12)
    return np.where(key == 0, 0, 1 + 12 * mode + (tonic + semitones) % 12).astype(key.dtype)
