"""Texts as MIDI files hold them: in Latin-1, the encoding that readers expect."""

from __future__ import annotations

import unicodedata

_PLAIN = str.maketrans("‘’‚“”„‐‑‒–—−", "'''\"\"\"------")


def to_latin(text: str) -> str:
    """Return the text with letters of Latin-1 only: what it lacks becomes the nearest letter or `?`."""
    return "".join(map(_latin_letter, unicodedata.normalize("NFC", text).translate(_PLAIN)))


def _latin_letter(letter: str) -> str:
    if letter <= "\xff":
        return letter
    return unicodedata.normalize("NFKD", letter).encode("latin-1", "ignore").decode("latin-1") or "?"
