"""How pitches are spelt in a key, on the line of fifths (F C G D A E B, sharps above, flats below).

The twelve names nearest to the key are taken: in C major from Ab up to C#, in A minor from Eb up to G#.
"""

from __future__ import annotations

from typing import NamedTuple

from musicvae.midi.songs.key import LINE_OF_FIFTHS

_FLATTEST = {"major": -4, "minor": -3}  # fifths from the major key's tonic, where the twelve names begin


class SpeltPitch(NamedTuple):
    """A pitch as it is written: its letter, semitones of its accidental, its octave (4 from middle C on)."""

    step: str
    alter: int
    octave: int


def spell_pitch(pitch: int, fifths: int, mode: str = "major") -> SpeltPitch:
    """Return how a pitch is written.

    Parameters
    ----------
    pitch : int
    fifths : int
        Number of sharps in the key signature; negative for flats.
    mode : str
        What is not minor is spelt as major.
    """
    on_the_line = (pitch * 7) % 12  # fifths above C, or so many less twelve
    lowest = fifths + _FLATTEST["minor" if mode == "minor" else "major"]
    above_c = lowest + (on_the_line - lowest) % 12
    alter, letter = divmod(above_c + 1, 7)
    return SpeltPitch(LINE_OF_FIFTHS[letter], alter, (pitch - alter) // 12 - 1)
