"""The w: lines of ABC: which syllable belongs to which note.

Conventions
-----------
Every note takes a syllable, one that is tied to the last too, but no rest and no grace note. "-" ends a
syllable whose word goes on, "*", "_" and a "-" that stands alone leave a note out, "|" goes on to the next
measure, "~" is a blank within a syllable. The number of a verse before its first word is not sung.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from musicvae.midi.reading.scores.abc.abc_sheet import Place
from musicvae.midi.reading.scores.abc.abc_voice import SungNote

_VERSE = re.compile(r"\A\s*\d+\.~*(?=[^\s\d])")
_WORDS = re.compile(r"(?P<sung>(?:\\-|[^\s\-_*|])+)(?P<goes_on>-?)|(?P<left_out>[-_*])|(?P<bar>\|)")


def place_syllables(text: str, heads: Sequence[SungNote]) -> list[tuple[Place, str]]:
    """Return the syllables of a line, each where its note begins; one whose word goes on ends in "-".

    Parameters
    ----------
    text : str
    heads : sequence of SungNote
    """
    placed: list[tuple[Place, str]] = []
    index = 0
    measure = heads[0].measures_before if heads else 0
    for word in _WORDS.finditer(_VERSE.sub("", text, count=1)):
        if word["bar"]:
            measure += 1
            while index < len(heads) and heads[index].measures_before < measure:
                index += 1
            continue
        if index == len(heads):
            break
        if word["sung"]:
            syllable = word["sung"].replace("\\-", "-").replace("~", " ").strip()
            placed.append((heads[index].place, syllable + word["goes_on"]))
        elif word["left_out"] == "-" and placed and not placed[-1][1].endswith("-"):
            placed[-1] = (placed[-1][0], placed[-1][1] + "-")
        index += 1
    return placed
