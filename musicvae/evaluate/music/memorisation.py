"""How much of some music is copied from the songs that a model was trained on.

A number for made music means little alone: set it beside that of songs which the model never saw,
since music of one kind shares phrases.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from musicvae.midi.likeness.tune_index import TuneIndex
from musicvae.midi.songs.song import Song


def memorised(songs: Iterable[Song], index: TuneIndex) -> float:
    """Return the share of the songs' windows of measures that a song of the index has, 0 to 1.

    Windows are `index.measures` long, one beginning at each measure, and are told by intervals,
    rhythm and parts, in any key (`musicvae.midi.likeness.measure_windows`). NaN if there is none.
    """
    known, windows = 0, 0
    for song in songs:
        found = index.knows_windows(song)
        known, windows = known + int(found.sum()), windows + len(found)
    return known / windows if windows else math.nan
