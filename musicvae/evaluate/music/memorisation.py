"""How much of some music is copied from the songs that a model was trained on.

A number for made music means little alone: set it beside that of songs which the model never saw,
since music of one kind shares phrases.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from musicvae.midi.likeness.tune_index import TuneIndex
from musicvae.midi.songs.song import Song


class Copies(NamedTuple):
    """How many windows of measures are in the training songs, and their share, 0 to 1 (NaN: no windows)."""

    known: int
    windows: int
    share: float


def count_copies(songs: Iterable[Song], index: TuneIndex) -> Copies:
    """Return how many of the songs' windows of measures a song of the index has.

    Windows are `index.measures` long, one beginning at each measure, and are told by intervals,
    rhythm and parts, in any key (`musicvae.midi.likeness.measure_windows`).
    """
    known, windows = 0, 0
    for song in songs:
        found = index.knows_windows(song)
        known, windows = known + int(found.sum()), windows + len(found)
    return Copies(known, windows, known / windows if windows else math.nan)
