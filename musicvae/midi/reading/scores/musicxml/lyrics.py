"""The syllables of a score's first verse."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable

_VERSE = re.compile(r"(\d*)\s*$")  # numbers are names: "1", but "part1verse1" too
_SLUR = "‿"
_LONGEST = 30  # letters of a name


def first_verse(lyrics: Iterable[ET.Element]) -> str:
    """Return what a note sings of the first verse, "" for nothing; a syllable that goes on ends in "-"."""
    for lyric in lyrics:
        verse = _VERSE.search(lyric.get("number", "")[-_LONGEST:])
        if verse and verse[1] in ("", "1"):
            return _syllable(lyric)
    return ""


def _syllable(lyric: ET.Element) -> str:
    text, syllabic, link = "", "", " "
    for child in lyric:
        said = child.text or ""
        if child.tag == "text":
            text += (link if text else "") + said.strip()
            link = " "
        elif child.tag == "elision":
            link = _SLUR if said.strip() == _SLUR else " "
        elif child.tag == "syllabic":
            syllabic = said.strip()
    text = " ".join(text.split())
    return f"{text}-" if text and syllabic in ("begin", "middle") else text
