"""What interpretations of Humdrum say: meters, tempi, keys, transpositions.

Each of these is None where a token is none of its kind, or says nothing that can be used.
"""

from __future__ import annotations

import re

from musicvae.midi.songs.key import MODES
from musicvae.midi.songs.song import Meter

# "yy" hides what is not printed; a denominator of 0 is a breve.
_METER = re.compile(r"\*(?:yy)?M(\d{1,2}(?:\+\d{1,2})*)/(\d{1,2})\b.*", re.ASCII)
_TEMPO = re.compile(r"\*MM(\d{1,4}(?:\.\d+)?)(?:-(\d{1,4}(?:\.\d+)?))?", re.ASCII)
_SIGNATURE = re.compile(r"\*k\[(.*)\].*")
_SIGN = re.compile(r"[a-gA-G](#+|-+)(?!n)")
_KEY = re.compile(r"\*([A-Ga-g])([#-]?):(\w*)")
_TRANSPOSED = re.compile(r"\*Trd[+-]?\d+c([+-]?\d{1,2})", re.ASCII)
_FASTEST = 1000.0


def parse_meter(token: str) -> Meter | None:
    """Return the meter of "*M3/4"; of "*M2+3/8" that of the sum."""
    if not (found := _METER.fullmatch(token)):
        return None
    numerator, denominator = sum(map(int, found[1].split("+"))), int(found[2])
    try:
        return Meter(numerator, denominator) if denominator else Meter(2 * numerator, 1)
    except ValueError:
        return None


def parse_tempo(token: str) -> float | None:
    """Return the quarter notes a minute of "*MM120"; of "*MM60-70" the mean."""
    if not (found := _TEMPO.fullmatch(token)):
        return None
    slow = float(found[1])
    bpm = (slow + float(found[2] or slow)) / 2
    return bpm if 1 <= bpm <= _FASTEST else None


def parse_signature(token: str) -> int | None:
    """Return the sharps of "*k[f#c#]", negative for flats; naturals count for nothing."""
    if not (found := _SIGNATURE.fullmatch(token)):
        return None
    signs = [sign[0] for sign in _SIGN.findall(found[1])]
    return signs.count("#") - signs.count("-")


def parse_key(token: str) -> str | None:
    """Return the key of "*G:", "*e:" or "*d:dor", such as "G major"."""
    if not (found := _KEY.fullmatch(token)):
        return None
    tonic, sign, mode = found.groups()
    usual = "major" if tonic.isupper() else "minor"
    return f"{tonic.upper()}{sign.replace('-', 'b')} {MODES.get(mode, usual)}"


def parse_transposition(token: str) -> int | None:
    """Return by how many semitones "*Trd1c2" says that the notes have been moved from where they sound.

    "*ITr", which says how a player's sheet is written, moves nothing: **kern is at sounding pitch.
    """
    found = _TRANSPOSED.fullmatch(token)
    return int(found[1]) if found else None
