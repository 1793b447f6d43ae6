"""The tunes of an ABC file, each as a text that can stand alone.

Conventions
-----------
A tune begins at its X: field. The fields before the first tune hold for all. What stands after a blank line
is free text, not music, unless it is written in the signs of music.
"""

from __future__ import annotations

import re

from musicvae.midi.reading.scores.abc.abc_lines import drop_blocks, is_field, is_tune_start

_OF_ONE_TUNE = re.compile(r"\s*[TKVWwPX+]:")  # in front of all tunes these are of none
_MUSIC = re.compile(r"""[A-Ga-gzxZX\d/,'^_=()<>\[\]:\-\s.~HTuv"\\]*""")


def split_tunes(text: str) -> list[str]:
    """Return the tunes of an ABC file, each as a text that can stand alone; a text without X: is one tune."""
    for_all: list[str] = []
    tunes: list[list[str]] = []
    after_blank = False
    for line in drop_blocks(text):
        if is_tune_start(line):
            tunes.append([line, *for_all])
            after_blank = False
        elif not tunes:
            for_all += [line] if is_field(line) and not _OF_ONE_TUNE.match(line) else []
        elif not line.strip():
            after_blank = True
        elif not after_blank or _is_of_a_tune(line):
            tunes[-1].append(line)
    return ["\n".join([*tune, ""]) for tune in tunes] or [f"X:1\n{text}"]


def _is_of_a_tune(line: str) -> bool:
    return is_field(line) or "|" in line or bool(_MUSIC.fullmatch(line))
