"""Whether music swings, told by where its off-beats fall.

Conventions
-----------
An *off-beat* begins in the second half of a beat, at .45 to .8 of it: straight eighths at 1/2, the last of
three triplets and swung eighths at about 2/3, dotted rhythms and sixteenths at 3/4. Those nearer to 2/3 than
to 1/2 and 3/4 count as swung, however a file writes them down. Names and
tempo words say nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicvae.midi.songs.source import Source

_OFF_BEAT = (0.45, 0.8)
_SWUNG = (7 / 12, 17 / 24)  # halfway from 2/3 to 1/2 and to 3/4
_ENOUGH, _ENOUGH_SHARE = 8, 0.05  # swung off-beats, and their share of the onsets: fewer are ornaments


def measure_swing(sources: Sequence[Source]) -> float:
    """Return the share of the off-beats that fall near two thirds of the beat; 0 where these are few.

    Notes of a chord, and of all tracks, that begin at one tick are one onset.
    """
    onsets = [np.unique(source.notes["start"]) / source.ticks_per_beat for source in sources]
    beats = np.concatenate([np.empty(0), *onsets])
    place = beats % 1
    off_beats = _count(place, _OFF_BEAT)
    swung = _count(place, _SWUNG)
    return swung / off_beats if swung >= max(_ENOUGH, _ENOUGH_SHARE * len(beats)) else 0.0


def _count(place: np.ndarray, between: tuple[float, float]) -> int:
    return int(np.count_nonzero((place >= between[0]) & (place < between[1])))
