"""Cut a song into measures: from changes of meter to one meter for each measure.

Conventions
-----------
Times are steps of the grid. Before the first change, and where there is none, a song is in 4/4.

- A *change in the middle of a measure* cuts the measure there: it gets the meter of its true length,
  such as 5/8.
- A meter whose measure is *no whole number of steps* has its barlines moved to the nearest step;
  each measure gets the meter of the length that it has then. (On a grid of 12 steps a beat barlines
  fall on sixteenths, since no meter counts triplets.)
- A *pick-up* is a first meter that lasts less than a measure of the second and never comes again:
  silence is put before it, so that it is the tail of a whole measure.
- A *measure longer than 8 beats* is split into the fewest equal measures of 2 to 8 beats, 18/8 into
  two of 9/8; where there are none, into measures of 4 beats and the rest: 11/4 into 4/4, 4/4, 3/4.
  (A song's last measure is always whole.)
- *1/4 throughout* is what some programs write when they know no meter: it is read as 4/4.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.songs.notices import Notice, count_notices
from musicvae.midi.songs.song import MAX_MEASURES, Grid, Meter

MAX_BEATS = 8

COMMON = Meter(4, 4)  # where nothing is said
UNKNOWN = Meter(1, 4)  # throughout: what some programs write who know none


class Measures(NamedTuple):
    """Where a song begins, and the meter of each of its measures."""

    begin: int  # step of the first barline: 0, or negative where silence was put before a pick-up
    meters: tuple[Meter, ...]
    notices: tuple[Notice, ...]


class MeterAt(NamedTuple):
    """A meter from a step on."""

    step: int
    meter: Meter


class _Barlines(NamedTuple):
    lines: np.ndarray  # steps of all barlines, shape (measures + 1,)
    change: np.ndarray  # index of the change that each measure stands under, shape (measures,)


def lay_measures(changes: Sequence[MeterAt], first: int | None, last: int, grid: Grid) -> Measures:
    """Return the measures from the beginning of a song to that in which its last note ends.

    Parameters
    ----------
    changes : sequence of MeterAt
        In any order; of several at one step the last counts.
    first : int, optional
        Step at which the first note begins; None where there is no pick-up to be filled up.
    last : int
        Step at which the last note ends, or the song if that is later; after `first`.
    grid : Grid

    Raises
    ------
    SongError
        If there are more than 200,000 measures.
    """
    notices: list[Notice] = []
    if changes and all(meter == UNKNOWN for _, meter in changes):
        changes = []
        notices.append(Notice("1/4 throughout was read as 4/4"))
    changes = _in_order(changes, last, grid)
    padding = 0 if first is None else _pickup_padding(changes, first, grid)
    if padding:
        changes[0] = MeterAt(-padding, changes[1].meter)
        notices.append(Notice("the pick-up was filled up with silence to a whole measure"))
    notices += count_notices({"measures cut short by a change of meter": _count_cuts(changes, grid)})
    split = _split_long(changes, last, grid)
    if split != changes:
        notices.append(Notice(f"measures of more than {MAX_BEATS} beats were split"))
    lines, change = _barlines(split, last, grid)
    kept = int(np.searchsorted(lines, last))
    lengths, named = np.diff(lines)[:kept].tolist(), change[:kept].tolist()
    meters = (_name(steps, split[index].meter, grid) for steps, index in zip(lengths, named, strict=True))
    return Measures(int(lines[0]), tuple(meters), tuple(notices))


def _in_order(changes: Sequence[MeterAt], last: int, grid: Grid) -> list[MeterAt]:
    """Sort the changes before the last note's end, from step 0 on; leave out those that change nothing."""
    unit = _bar_unit(grid)
    meters = {0: COMMON}
    for step, meter in sorted(changes, key=lambda change: change.step):
        begin = max(0, (2 * step + unit) // (2 * unit) * unit)
        if begin < last:
            meters[begin] = meter
    before = [None, *meters.values()]
    return [
        MeterAt(step, now) for (step, now), then in zip(meters.items(), before, strict=False) if now != then
    ]


def _pickup_padding(changes: list[MeterAt], first: int, grid: Grid) -> int:
    """Count the steps that the first meter lacks of a measure of the second; 0 if it is no pick-up."""
    comes_again = any(change.meter == changes[0].meter for change in changes[1:])
    if len(changes) < 2 or comes_again or first >= changes[1].step:
        return 0
    unit = _bar_unit(grid)
    measure = 4 * grid.steps_per_beat * changes[1].meter.numerator // changes[1].meter.denominator
    return max(0, measure // unit * unit - changes[1].step)


def _count_cuts(changes: list[MeterAt], grid: Grid) -> int:
    """Count the changes that do not come at a barline, among meters that fit the grid."""
    return sum(
        before.meter.fits(grid) and (after.step - before.step) % before.meter.steps(grid) != 0
        for before, after in pairwise(changes)
    )


def _split_long(changes: list[MeterAt], last: int, grid: Grid) -> list[MeterAt]:
    """Replace meters of more than 8 beats by shorter ones."""
    split: list[MeterAt] = []
    ends = [*(change.step for change in changes[1:]), last]
    for change, end in zip(changes, ends, strict=True):
        equal = _equal_piece(change.meter)
        if equal:
            split.append(MeterAt(change.step, equal))
            continue
        whole = Meter(change.meter.denominator, change.meter.denominator)
        split += [MeterAt(step, whole) for step in _barlines([change], end, grid).lines[:-1].tolist()]
    return split


@cache
def _equal_piece(meter: Meter) -> Meter | None:
    """Return the longest meter of 2 to 8 beats that goes evenly into a long one; a short one itself."""
    beats = 4 * meter.numerator / meter.denominator
    if beats <= MAX_BEATS:
        return meter
    for pieces in range(2, int(beats / 2) + 1):
        if meter.numerator % pieces == 0 and beats / pieces <= MAX_BEATS:
            return Meter(meter.numerator // pieces, meter.denominator)
    return None


def _barlines(changes: list[MeterAt], last: int, grid: Grid) -> _Barlines:
    """Lay whole measures from each change on, cut where the next comes; the last measure is not cut."""
    begin = np.array([change.step for change in changes], dtype=np.int64)
    measure = np.array([4 * grid.steps_per_beat * meter.numerator for _, meter in changes], dtype=np.int64)
    parts = np.array([meter.denominator for _, meter in changes], dtype=np.int64)  # steps = measure / parts
    count = -(-(np.append(begin[1:], last) - begin) * parts // measure)
    if count.sum() > MAX_MEASURES:
        raise SongError(f"it has {count.sum():,} measures: split it into songs of {MAX_MEASURES:,} or fewer")
    change = np.repeat(np.arange(len(changes)), count)
    number = np.arange(len(change)) - np.repeat(np.cumsum(count) - count, count)
    scale = 2 * parts[change] * _bar_unit(grid)
    lines = begin[change] + (2 * number * measure[change] + scale // 2) // scale * _bar_unit(grid)
    whole = -(-count[-1] * measure[-1] // (parts[-1] * _bar_unit(grid))) * _bar_unit(grid)
    lines = np.append(lines, begin[-1] + whole)
    kept = np.flatnonzero(np.diff(lines) > 0)  # two barlines of a very short meter may meet on one step
    return _Barlines(np.append(lines[kept], lines[-1]), change[kept])


def _bar_unit(grid: Grid) -> int:
    """Return the steps of the shortest note that a meter can count: the odd factor of the grid."""
    return grid.steps_per_beat // (grid.steps_per_beat & -grid.steps_per_beat)


@cache
def _name(steps: int, meter: Meter, grid: Grid) -> Meter:
    """Name the meter of a measure of this length: the one given if it fits, or one that counts its notes."""
    whole, denominator = 4 * grid.steps_per_beat, meter.denominator
    if steps * denominator == whole * meter.numerator:
        return meter
    while steps * denominator % whole:
        denominator *= 2
    return Meter(steps * denominator // whole, denominator)
