"""Texts of ABC: letters with accents as they are typed on plain keyboards (ABC 2.1, section 8.2)."""

from __future__ import annotations

import re
from html import unescape
from unicodedata import normalize

_ACCENTS = {
    **{"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308"},
    **{"u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327"},
}
_LETTERS = {"ss": "ß", "AE": "Æ", "ae": "æ", "OE": "Œ", "oe": "œ", "AA": "Å", "aa": "å", "/O": "Ø", "/o": "ø"}
_ACCENTED = re.compile(r"""\\([`'^~"]|[uvHc](?=[A-Za-z]))([A-Za-z])""")
_LETTER = re.compile("|".join(rf"\\{re.escape(name)}" for name in _LETTERS))
_CODE = re.compile(r"\\u([0-9A-Fa-f]{4})")


def read_text(written: str) -> str:
    r"""Return a text with its letters as they are meant, such as "Café" for "Caf\'e" or "Caf&eacute;"."""
    text = _CODE.sub(lambda code: chr(int(code[1], 16)), written)
    text = _LETTER.sub(lambda letter: _LETTERS[letter[0][1:]], text)
    text = _ACCENTED.sub(lambda accented: accented[2] + _ACCENTS[accented[1]], text)
    return normalize("NFC", unescape(text))
