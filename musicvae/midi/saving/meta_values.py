"""What meta events of MIDI files hold: texts, meters, tempi.

Texts are in Latin-1, the encoding that readers expect; what it lacks becomes the nearest letter or `?`.
"""

from __future__ import annotations

import unicodedata

from musicvae.midi.reading.smf.midi_numbers import CLICK
from musicvae.midi.songs.song import Meter

_PLAIN = str.maketrans("‘’‚“”„‐‑‒–—−", "'''\"\"\"------")
_MICROSECONDS = 60_000_000  # in a minute
_SLOWEST = 0xFFFFFF  # microseconds per beat: three bytes
_LARGEST = 255


def text_to_bytes(text: str) -> bytes:
    """Return a text."""
    return "".join(map(_latin_letter, unicodedata.normalize("NFC", text).translate(_PLAIN))).encode("latin-1")


def is_sayable(text: str) -> bool:
    """Say whether a text has no letters of which nothing is left."""
    return text_to_bytes(text).count(b"?") == text.count("?")


def _latin_letter(letter: str) -> str:
    if letter <= "\xff":
        return letter
    return unicodedata.normalize("NFKD", letter).encode("latin-1", "ignore").decode("latin-1") or "?"


def meter_to_bytes(meter: Meter) -> bytes:
    """Return a meter; one that counts to more than a byte holds is counted in longer notes, or cut short."""
    numerator, denominator = meter.numerator, meter.denominator
    while numerator > _LARGEST and numerator % 2 == 0 and denominator > 1:
        numerator, denominator = numerator // 2, denominator // 2
    return bytes((min(numerator, _LARGEST), denominator.bit_length() - 1)) + CLICK


def tempo_to_bytes(bpm: float) -> bytes:
    """Return a tempo, to the microsecond per beat, and no slower than MIDI can say."""
    return round(_MICROSECONDS / max(bpm, _MICROSECONDS / _SLOWEST)).to_bytes(3)
