"""The text of an ABC file as tunes, each a text that can stand alone, and a tune as lines that say something.

Conventions
-----------
A tune begins at its X: field. The fields before the first tune hold for all, and music there goes into the
head of the first, where it is told of. What stands after a blank line is free text, not music, unless it is
written in the signs of music.

A *field* is a line such as `M:6/8`, known by its letter. Comments, blank lines and blocks of text or
drawing (`%%begintext` up to `%%endtext`) say nothing; of the directives only `%%MIDI` does, and is the
field `I:MIDI ...`. A line `+:` goes on with the field before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

MUSIC = ""  # the field of a line of music

# A letter and a colon; but "A:|" is a note before a repeat sign.
_FIELD = re.compile(r"\s*([A-Za-z+]):(?!(?<=[A-Ga-gz]:)[|:\]])\s*(.*)", re.DOTALL)
_DIRECTIVE = re.compile(r"%%\s*(MIDI\b.*)")
_COMMENT = re.compile(r"(?<!\\)%.*")
_BEGIN = re.compile(r"%%\s*begin[a-z]+")
_END = re.compile(r"%%\s*end[a-z]+")
_SURE = re.compile(r"\s*[XK]:")
_TUNE = re.compile(r"\s*X:")
_OF_ALL_TUNES = re.compile(
    r"\s*[CILMQUm]:|%%\s*MIDI\b"
)  # in front of all tunes others say nothing of their music
_MOST_FOR_ALL = 100  # lines: they are read again with each tune
_SIGNS_OF_MUSIC = re.compile(r"""(?=.*[A-Ga-gzxZX])[A-Ga-gzxZX0-9/,'^_=()<>\[\]:\-\s.~HTuv"\\]*""")


class AbcLine(NamedTuple):
    """A line: the letter of its field (MUSIC for music), what it says, whether the next goes on with it."""

    field: str
    text: str
    goes_on: bool = False


def split_tunes(text: str) -> list[str]:
    """Return the tunes of an ABC file, each as a text that can stand alone; a text without X: is one tune."""
    for_all: list[str] = []
    astray: list[str] = []
    tunes: list[list[str]] = []
    after_blank = False
    for line in drop_blocks(text):
        if _TUNE.match(line):
            tunes.append([line, *for_all[-_MOST_FOR_ALL:], *([] if tunes else astray)])
            after_blank = False
        elif not line.strip():
            after_blank = True
        elif not tunes and _is_field(line):
            for_all += [line] if _OF_ALL_TUNES.match(line) else []
        elif not tunes:
            astray += [line] if is_music(line) else []
        elif not after_blank or _is_field(line) or is_music(line):
            tunes[-1].append(line)
    return ["\n".join([*tune, ""]) for tune in tunes] or [f"X:1\n{text}"]


def is_abc(text: str) -> bool:
    """Say whether a text may be ABC: it begins a tune or says a key somewhere, or is nothing but music."""
    lines = text.split("\n")
    return any(map(_SURE.match, lines)) or all(is_music(line) for line in lines if line.strip())


def is_music(line: str) -> bool:
    """Say whether a line that is no field looks like music rather than words."""
    return "|" in line or bool(_SIGNS_OF_MUSIC.fullmatch(line))


def read_lines(text: str) -> Iterator[AbcLine]:
    """Yield the lines of a tune."""
    held: AbcLine | None = None  # a field that may go on
    for raw in drop_blocks(text):
        line = _read_line(raw)
        if line is None:
            continue
        if held and (line.field == "+" or (held.goes_on and line.field == held.field)):
            held = AbcLine(held.field, f"{held.text} {line.text}", line.goes_on)
            continue
        if held:
            yield held
        held = line if line.field not in (MUSIC, "+") else None
        if line.field == MUSIC:
            yield line
    if held:
        yield held


def drop_blocks(text: str) -> Iterator[str]:
    """Yield the lines of a text without its blocks of text or drawing; one without an end ends at a tune."""
    lines = _mend(text).split("\n")
    last_end = max((index for index, line in enumerate(lines) if _END.match(line)), default=-1)
    within = False
    for index, line in enumerate(lines):
        if within and index <= last_end:
            within = not _END.match(line)
            continue
        within = bool(_BEGIN.match(line)) or (within and not _TUNE.match(line))
        if not within:
            yield line


def _is_field(line: str) -> bool:
    """Say whether a line is a field or a directive."""
    return bool(_FIELD.match(line)) or line.startswith("%%")


def _mend(text: str) -> str:
    """Return the text without the damage of mail programs, who write "=3D" for "="."""
    return (
        re.sub(r"=20$", "", text, flags=re.MULTILINE).replace("=3D", "=")
        if "=3D" in text or "=20" in text
        else text
    )


def _read_line(raw: str) -> AbcLine | None:
    """Return what a line says, None if nothing."""
    if directive := _DIRECTIVE.match(raw):
        raw = f"I:{directive[1]}"
    text = _COMMENT.sub("", raw).strip() if "%" in raw else raw.strip()
    if not text:
        return None
    goes_on = text.endswith("\\")
    text = text.rstrip("\\").rstrip()
    field = _FIELD.match(text)
    return AbcLine(field[1], field[2], goes_on) if field else AbcLine(MUSIC, text.rstrip("="), goes_on)
