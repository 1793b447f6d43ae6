"""At which steps of a grid the notes of a source begin and end.

Conventions
-----------
- A written track (see `midi.reading.pulse`) has its notes at the nearest steps.
- A played track has them at the nearest sixteenths or triplets that it follows, if the grid has these: so a
  chord stays a chord, and no note overtakes another.
- Many files write when notes begin and play how long they last. Where fewer than 90 % of a track's ends are
  written, a note ends at the nearest sixteenth or triplet, or where another of its track begins.
- Every note lasts one step or more.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from musicvae.midi.reading.pulse import TRIPLETS, find_pulse, find_written, near_steps
from musicvae.midi.reading.tick_map import TickMap
from musicvae.midi.songs.instruments import label_parts
from musicvae.midi.songs.notices import Notice, count_notices, name_some
from musicvae.midi.songs.song import Grid
from musicvae.midi.songs.source import Source

MOVED = "notes moved to the nearest step"


class NoteSteps(NamedTuple):
    """When notes begin and end, int (notes,), what that moved, and the `TickMap.width` of that."""

    start: np.ndarray
    end: np.ndarray
    notices: tuple[Notice, ...]
    width: int


def lay_notes(source: Source, grid: Grid) -> NoteSteps:
    """Return the steps of a source's notes."""
    notes, place = source.notes, TickMap(source.ticks_per_beat, grid)
    start, end = (place.to_steps(notes[time]) for time in ("start", "end"))
    begin_written, end_written = (find_written(source, notes[time], grid) for time in ("start", "end"))
    is_far = np.abs(start - _exact(notes["start"], place)) > near_steps(source.ticks_per_beat, grid)
    moved = count_notices({MOVED: int((is_far & begin_written[notes["track"]]).sum())})
    played: defaultdict[str, list[int]] = defaultdict(list)
    for track in np.flatnonzero(~(begin_written & end_written)).tolist():
        mine = notes["track"] == track
        pulse = find_pulse(notes["start"][mine] / source.ticks_per_beat)
        width, rest = divmod(grid.steps_per_beat, pulse.steps_per_beat)
        if not begin_written[track]:
            name = "steps" if rest else "triplets" if pulse == TRIPLETS else "sixteenths"
            played[f"tracks played by hand, laid on the nearest {name}"].append(track)
        if not rest:
            on_pulse = TickMap(source.ticks_per_beat, pulse)
            if not begin_written[track]:
                start[mine] = width * on_pulse.to_steps(notes["start"][mine])
            ends = notes["end"][mine]
            end[mine] = _lay_ends(_exact(ends, place), width * on_pulse.to_steps(ends), start[mine], width)
    narrow = 1 if begin_written.all() else max(1, grid.steps_per_beat // TRIPLETS.steps_per_beat)
    return NoteSteps(start, np.maximum(end, start + 1), moved + _tell_played(source, played), narrow)


def _exact(ticks: np.ndarray, place: TickMap) -> np.ndarray:
    return ticks * (place.grid.steps_per_beat / place.ticks_per_beat)


def _lay_ends(exact: np.ndarray, on_pulse: np.ndarray, start: np.ndarray, width: int) -> np.ndarray:
    """Return where notes of a track end: after their start, nearest to `exact`, on the pulse or at an onset.

    Parameters
    ----------
    exact, on_pulse, start : np.ndarray, shape (notes,)
        Steps: of each end, of the nearest place of the pulse, of the beginning.
    width : int
        Steps of the pulse.
    """
    onsets = np.unique(start)
    after = np.searchsorted(onsets, exact)
    places = np.stack(
        [
            np.maximum(on_pulse, (start // width + 1) * width),
            onsets[np.maximum(after - 1, 0)],
            onsets[np.minimum(after, len(onsets) - 1)],
        ]
    )
    far = np.where(places > start, np.abs(places - exact), np.inf)
    ends: np.ndarray = np.take_along_axis(places, far.argmin(axis=0)[None], axis=0)[0]
    return ends


def _tell_played(source: Source, played: dict[str, list[int]]) -> tuple[Notice, ...]:
    labels = label_parts(source.tracks) if played else ()
    return tuple(
        Notice(what, len(tracks), name_some(labels[track] for track in tracks))
        for what, tracks in played.items()
    )
