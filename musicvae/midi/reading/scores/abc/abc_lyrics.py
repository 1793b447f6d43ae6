"""The w: lines of ABC: which syllable belongs to which note.

Conventions
-----------
Every note takes a syllable, one that is tied to the last too, but no rest and no grace note. "-" ends a
syllable whose word goes on, "*", "_" and a "-" that stands alone leave a note out, "|" goes on to the next
measure, "~" is a blank within a syllable. The number of a verse before its first word is not sung.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from musicvae.midi.reading.scores.abc.abc_sheet import Place

_VERSE = re.compile(r"\s*\d+\.~*(?=[^\s\d])")
_WORDS = re.compile(r"(?P<sung>(?:\\-|[^\s\-_*|])+)(?P<goes_on>-?)|(?P<left_out>[-_*])|(?P<bar>\|)")


def place_syllables(text: str, heads: Sequence[Place]) -> Iterator[tuple[Place, str]]:
    """Yield the syllables of a line, each where its note begins.

    Parameters
    ----------
    text : str
    heads : sequence of Place
        Where the notes stand.
    """
    index = 0
    measure = heads[0].measure if heads else 0
    for word in _WORDS.finditer(_VERSE.sub("", text, count=1)):
        if word["bar"]:
            measure += 1
            while index < len(heads) and heads[index].measure < measure:
                index += 1
            continue
        if index == len(heads):
            return
        if word["sung"]:
            yield heads[index], word["sung"].replace("\\-", "-").replace("~", " ").strip() + word["goes_on"]
        index += 1
