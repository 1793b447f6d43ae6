"""Which songs there are, and of what style: the folder that each was put in.

Conventions
-----------
The style of a song is the first folder, below the path that was named, in which its file lies:
`midi_data/folk/x.mid` is "folk" where `midi_data` was named, and of no style where `midi_data/folk`
was. Each path is taken on its own; folders of one name below several of them are one style. A file
that is found by several paths is taken as the first one finds it.

Folders tell styles where there are two or more with songs in them: a single one is only the place
where the songs lie. More than MOST_STYLES are a filing system, such as one of composers or albums:
then no song has a style.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from musicvae.midi.reading.song_files import find_songs

MOST_STYLES = 64


class SongStyles(NamedTuple):
    """The style of each song, int16, shape (songs,): 0 unknown, s for names[s - 1]."""

    style: np.ndarray
    names: tuple[str, ...]


def find_files(paths: Iterable[Path]) -> dict[Path, str]:
    """Return the files of songs under some paths, each once, with the folder that may be its style.

    It is "" for a file that lies directly in a path, or is one.

    Raises
    ------
    SongError
        If a path holds no songs or cannot be opened.
    """
    found: dict[Path, str] = {}
    for path in paths:
        for file in find_songs(path):
            folders = file.relative_to(path).parent.parts
            found.setdefault(file, folders[0] if folders else "")
    return found


def name_styles(folders: Sequence[str]) -> SongStyles:
    """Return the styles of songs by the folder of each, "" for none."""
    names = sorted({*folders} - {""})
    if not 2 <= len(names) <= MOST_STYLES:
        return SongStyles(np.zeros(len(folders), np.int16), ())
    number = {name: index for index, name in enumerate(["", *names])}
    return SongStyles(np.array([number[folder] for folder in folders], np.int16), tuple(names))
