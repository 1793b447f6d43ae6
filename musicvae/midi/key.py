"""The key that a song is most likely in, from its notes alone.

Conventions
-----------
A key is written as "G major" or "F# minor", spelt with the fewest accidentals. Pitch classes
count semitones from C, 0..11. One key is found for the whole song; modes and modulations are not.

Method: Krumhansl and Schmuckler (C. L. Krumhansl, Cognitive Foundations of Musical Pitch, 1990,
chapter 4): the time that each pitch class sounds is correlated with how well it was felt to
belong to each key (the probe-tone profiles of Krumhansl and Kessler 1982).
"""

from __future__ import annotations

import numpy as np

from musicvae.midi.song import Song

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_KEYS = [
    *(f"{tonic} major" for tonic in ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")),
    *(f"{tonic} minor" for tonic in ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")),
]


def _standardise(profiles: np.ndarray) -> np.ndarray:
    """Return profiles with mean 0 and standard deviation 1 along the last axis."""
    return (profiles - profiles.mean(-1, keepdims=True)) / profiles.std(-1, keepdims=True)


# A profile for each key: both of C, moved up by 0..11 semitones. Shape (24, 12).
_PROFILES = _standardise(np.array([np.roll(of_c, tonic) for of_c in (_MAJOR, _MINOR) for tonic in range(12)]))


def find_key(song: Song) -> str:
    """Return the key of a song, or "" if it has no pitched notes or no pitch class stands out."""
    histogram = pitch_class_histogram(song)
    if np.ptp(histogram) == 0:
        return ""
    correlation = _PROFILES @ _standardise(histogram) / 12
    return _KEYS[correlation.argmax()]


def pitch_class_histogram(song: Song) -> np.ndarray:
    """Return for how many steps each pitch class sounds, drums left out, shape (12,)."""
    is_drums = np.array([part.is_drums for part in song.parts], bool)
    notes = song.notes[~is_drums[song.notes["part"]]]
    return np.bincount(notes["pitch"] % 12, notes["length"], minlength=12)
