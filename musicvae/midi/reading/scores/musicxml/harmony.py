"""Chord symbols of a score: root, kind, degrees and bass as pitches."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter

from musicvae.midi.reading.scores.chord_symbols import KINDS, alter_degree, chord_pitches, read_quality
from musicvae.midi.reading.scores.musicxml.document.xml_values import number_in, text_in
from musicvae.midi.reading.scores.musicxml.note_pitch import alter_of, step_of

_VERBS = ("add", "alter", "subtract")


def read_harmony(harmony: ET.Element, semitones: int, noticed: Counter[str]) -> tuple[int, ...] | None:
    """Return the sounding pitches of a chord symbol: none for "no chord", None where it names no root.

    Parameters
    ----------
    harmony : xml.etree.ElementTree.Element
    semitones : int
        How far the part sounds above what is written.
    noticed : Counter of str

    Raises
    ------
    ValueError, KeyError
        If it is damaged.
    """
    kind = text_in(harmony, "kind")
    if kind == "none":
        return ()
    root = _pitch_class(harmony, "root", noticed)
    if root is None:
        return None
    degrees = dict(read_quality(KINDS.get(kind, "")) or {})
    for degree in harmony.findall("degree"):
        verb = text_in(degree, "degree-type")
        alter = degree.find("degree-alter")
        alter_degree(
            degrees,
            number_in(degree, "degree-value"),
            0 if alter is None else alter_of(alter.text, noticed),
            verb if verb in _VERBS else "add",
        )
    bass = _pitch_class(harmony, "bass", noticed)
    return chord_pitches(root + semitones, degrees, None if bass is None else bass + semitones)


def _pitch_class(harmony: ET.Element, which: str, noticed: Counter[str]) -> int | None:
    note = harmony.find(which)
    if note is None:
        return None
    alter = note.find(f"{which}-alter")
    return step_of(note.findtext(f"{which}-step")) + (0 if alter is None else alter_of(alter.text, noticed))
