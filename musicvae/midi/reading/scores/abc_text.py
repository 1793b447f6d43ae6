"""ABC texts put into a shape that music21 reads rightly.

Conventions
-----------
A *field* is a line such as `M:6/8`; a tune begins at its X: field, and its music after its first
K: field. `mend_tune` changes nothing of what a tune says; it only says it as music21 knows it:

- a field within a line, `[M:3/4]`, which music21 skips, becomes a line of its own;
- voices that take turns line by line, which music21 takes for a part each time, are gathered;
- a tune with neither meter nor unit counts in eighths, which music21 does not know;
- a meter that stands alone after a barline, which music21 loses, stands there twice.
"""

from __future__ import annotations

import re

from musicvae.errors import SongError

_TUNE = re.compile(r"^X:", re.MULTILINE)
_KEY = re.compile(r"^K:.*\n", re.MULTILINE)
_METER = re.compile(r"^M:.*\n", re.MULTILINE)
_UNIT = re.compile(r"^[LM]:", re.MULTILINE)
_INLINE = re.compile(r"\[([KLMQV]:[^\]\n]*)\]")
_FIELD = re.compile(r"[A-Za-z+]:|%|\s*$")  # a line that has no notes
_HUGE = re.compile(r'^(?:[LM]:|(?![A-Za-z+]:))[^%"\n]*?\d{5}', re.MULTILINE)


def split_tunes(text: str) -> list[str]:
    """Return the tunes of an ABC file, each as a text that can stand alone.

    The fields before the first tune hold for every one.
    """
    starts = [match.start() for match in _TUNE.finditer(text)]
    if not starts:
        return [f"X:1\n{text}"]
    fields = "".join(line for line in text[: starts[0]].splitlines(keepends=True) if line[1:2] == ":")
    tunes = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return [tune.replace("\n", f"\n{fields}", 1) for tune in tunes]


def mend_tune(text: str) -> str:
    """Return the tune as music21 reads it rightly.

    Raises
    ------
    SongError
        If a note is so long that music21 would cut it into measures for ever.
    """
    if _HUGE.search(text):
        raise SongError("a note of it is far too long to be music")
    text = _gather_voices(_INLINE.sub(r"\n\1\n", text))
    if not _UNIT.search(text):
        text = text.replace("\n", "\nL:1/8\n", 1)
    return _METER.sub(r"\g<0>\g<0>", text)


def count_meters(text: str) -> int:
    """Return how many times a tune names a meter."""
    return len(_METER.findall(_INLINE.sub(r"\n\1\n", text)))


def _gather_voices(text: str) -> str:
    """Return the tune with all lines of a voice together, under one V: field."""
    key = _KEY.search(text)
    if key is None:
        return text
    head, body = text[: key.end()], text[key.end() :].splitlines()
    voices: dict[str, list[str]] = {}
    for_all: list[str] = []
    lines = for_all
    for line in body:
        if line.startswith("V:"):
            name = (line[2:].split() or [""])[0]
            lines = voices.setdefault(name, list(for_all))
        else:
            lines.append(line)
    if not voices or not all(_FIELD.match(line) for line in for_all):
        return text
    header = "".join(line for line in head.splitlines(keepends=True) if not line.startswith("V:"))
    return header + "".join("\n".join([f"V:{name}", *lines, ""]) for name, lines in voices.items())
