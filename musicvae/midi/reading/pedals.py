"""Notes held by the sustain pedal, as long as people hear them.

Conventions
-----------
A note that ends while its track's pedal is down sounds on until the pedal is lifted, its pitch is struck
again in that track, or it has died away: a pedal that nobody lifts holds nothing for ever.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.source import Source

DIES_AWAY = 8  # beats after its key was let go


class Pedalled(NamedTuple):
    """A source whose notes sound on as its pedals let them, and how many of them do."""

    source: Source
    held: int


def hold_by_pedals(source: Source) -> Pedalled:
    """Return a source in which every note lasts as long as it sounds."""
    if not len(source.pedals):
        return Pedalled(source, 0)
    notes = source.notes.copy()
    has_length = notes["end"] > notes["start"]  # others are grace notes, or strokes
    for track in np.unique(source.pedals["track"]).tolist():
        if source.tracks[track].is_drums:
            continue
        mine = np.flatnonzero((notes["track"] == track) & has_length)
        down = source.pedals[source.pedals["track"] == track]
        end = _find_lifts(notes["end"][mine], down[np.argsort(down["start"], kind="stable")])
        end = np.minimum(end, notes["end"][mine] + DIES_AWAY * source.ticks_per_beat)
        notes["end"][mine] = np.maximum(notes["end"][mine], np.minimum(end, _find_next(notes[mine])))
    held = int(np.count_nonzero(notes["end"] > source.notes["end"]))
    return Pedalled(replace(source, notes=notes), held)


def _find_lifts(end: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Return when the pedal is lifted that is down at each end, or the end itself if it is up."""
    last = np.searchsorted(down["start"], end, side="right") - 1
    lifted: np.ndarray = np.where(last >= 0, down["end"][np.maximum(last, 0)], end)
    return np.maximum(lifted, end)


def _find_next(notes: np.ndarray) -> np.ndarray:
    """Return when the pitch of each note of a track is struck again; far away if it is not."""
    order = np.lexsort((notes["start"], notes["pitch"]))
    start, pitch = notes["start"][order], notes["pitch"][order]
    again = np.full(len(notes), np.iinfo(np.int64).max)
    same = pitch[1:] == pitch[:-1]
    again[order[:-1]] = np.where(same, start[1:], again[order[:-1]])
    return again
