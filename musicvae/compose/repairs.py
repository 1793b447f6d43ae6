"""What might be wrong with a measure: every way to put right one error in it that promises something.

A *repair* is a passage as it may have been, with what the noise channel takes for making of it what was
given. What it promises is a rough guess, from what the decoder expected at each step; only what promises
enough is worth a closer look. Errors are looked for where they leave a trace: in a line, a note that was
moved or cut short leaves a hole, and one that was dropped does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from musicvae.compose.noise_channel import NoiseChannel
from musicvae.compose.passage import NEW, settle
from musicvae.midi.notes import NOTE

LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16)  # steps that notes often last
NEAR = 4  # steps by which a note is moved back, at most
PITCHES = 8  # tried for each note, those that were expected most
LEAST = {"pitch": -6.5, "insert": -7.5, "other": -10.5}  # promises worth a closer look, nats
UNHEARD_OF = -6.0  # what is expected less is no more improbable: the error itself may be why
SURE = -1.5  # what was expected more than this is right: neither extra nor moved, nats
MOST = 160  # repairs of one measure looked at more closely


class Repair(NamedTuple):
    """A passage put right, and what the channel takes for the errors in it, nats."""

    notes: np.ndarray
    cost: float


class Place(NamedTuple):
    """Where repairs are looked for.

    Parameters
    ----------
    barlines : np.ndarray, shape (measures + 1,)
        Of the passage, in steps of the song; the first measure is to be put right.
    within : tuple of int
        Steps between which the song has its notes: the silence before and after is meant.
    lines : tuple of int
        Parts that sound one note at a time.
    """

    barlines: np.ndarray
    within: tuple[int, int]
    lines: tuple[int, ...]

    @property
    def first(self) -> int:
        """The step at which the measure begins."""
        return int(self.barlines[0])

    @property
    def after(self) -> int:
        """The step at which the next one begins."""
        return int(self.barlines[1])

    @property
    def end(self) -> int:
        """The step at which the passage ends."""
        return int(self.barlines[-1])


class _Around(NamedTuple):
    """What stands around a note in its part."""

    before: int | None  # the note that ended last before it
    touches: bool  # whether that one lasts until it
    gap: int  # steps of silence before it
    until: int  # the step at which the next note begins, or the passage ends


def find_repairs(given: Repair, expected: np.ndarray, place: Place, channel: NoiseChannel) -> list[Repair]:
    """Return repairs of one more error each, most promising first.

    Parameters
    ----------
    given : Repair
        The passage with the errors found so far put right.
    expected : np.ndarray, shape (steps of the measure, parts, 128)
        As `expect_onsets` returns, of these notes.
    place : Place
    channel : NoiseChannel
    """
    search = _Search(given, expected, place, channel)
    found: list[tuple[float, Repair]] = []
    for promise, cost, notes in search.all():
        settled = settle(notes, place.lines)
        if settled is not None:
            found.append((promise, Repair(settled, given.cost + cost)))
    found.sort(key=lambda each: -each[0])
    return [repair for _, repair in found[:MOST]]


_Found = Iterator[tuple[float, float, np.ndarray]]  # promise, cost, notes


class _Search:
    """One measure being searched; `expected`, `place` and `channel` are as in `find_repairs`."""

    def __init__(self, given: Repair, expected: np.ndarray, place: Place, channel: NoiseChannel) -> None:
        self.notes, self.place, self.channel = given.notes, place, channel
        self.expected = np.maximum(expected, UNHEARD_OF)
        self.start = self.notes["start"].astype(int)
        self.end = self.start + self.notes["length"]
        self.part, self.pitch = self.notes["part"].astype(int), self.notes["pitch"].astype(int)
        self.inside = np.flatnonzero((self.start >= place.first) & (self.start < place.after)).tolist()

    def all(self) -> _Found:
        """Yield every repair that promises something."""
        for note in self.inside:
            around = self._around(note)
            yield from self._repitch(note)
            yield from self._stretch(note, around)
            if self._expects(self.start[note], self.part[note], self.pitch[note]) < SURE:
                yield from self._move(note, around)
                yield from self._leave_out(note, around)
        after = (self.start >= self.place.after) & (self.start < self.place.after + NEAR)
        for note in np.flatnonzero(after).tolist():
            yield from self._move(note, self._around(note))
        for part in range(self.expected.shape[1]):
            hole = self._silence(part)
            yield from self._hold_over(part, hole)
            yield from self._insert(part, hole)

    def _around(self, note: int) -> _Around:
        mine = self.part == self.part[note]
        earlier = np.flatnonzero(mine & (self.end <= self.start[note]))
        later = self.start[mine & (self.start > self.start[note])]
        before = int(earlier[self.end[earlier].argmax()]) if len(earlier) else None
        gap = self.start[note] - (self.place.first if before is None else self.end[before])
        until = int(later.min()) if len(later) else self.place.end
        return _Around(before, before is not None and gap == 0, int(gap), until)

    def _expects(self, step: int, part: int, pitch: int) -> float:
        """Return how much an onset was expected; in later measures nobody knows."""
        step -= self.place.first
        return float(self.expected[step, part, pitch]) if step < len(self.expected) else UNHEARD_OF / 2

    def _with(self, note: int, **changes: int) -> np.ndarray:
        notes = self.notes.copy()
        for name, value in changes.items():
            notes[name][note] = value
        return notes

    def _charge(self, note: int, cost: float) -> float:
        """Return what an error in a note costs: nothing in one that was put in, and so was not given."""
        return 0.0 if self.notes["velocity"][note] == NEW else cost

    def _repitch(self, note: int) -> _Found:
        """Give a note another pitch."""
        chances = self.expected[self.start[note] - self.place.first, self.part[note]]
        own, now = self.pitch[note], chances[self.pitch[note]]
        others = [pitch for pitch in range(max(0, own - 12), min(127, own + 12) + 1) if pitch != own]
        costs = [self._charge(note, self.channel.repitched(to - own)) for to in others]
        promises = [float(chances[to] - now) + cost for to, cost in zip(others, costs, strict=True)]
        for index in np.argsort(-np.array(promises), kind="stable")[:PITCHES]:
            if promises[index] > LEAST["pitch"]:
                yield promises[index], costs[index], self._with(note, pitch=others[index])

    def _leave_out(self, note: int, around: _Around) -> _Found:
        """Leave a note out; in a line, the note before may have been cut by it."""
        cost = self.channel.extra(len(self.inside), self.place.after - self.place.first)
        if self.notes["velocity"][note] == NEW:
            cost = -self.channel.dropped  # it was not dropped, then
        if cost > LEAST["other"]:
            yield cost, cost, np.delete(self.notes, note)
            if self.part[note] in self.place.lines and around.before is not None and around.touches:
                longer = self._with(around.before, length=self.end[note] - self.start[around.before])
                yield cost, cost, np.delete(longer, note)

    def _move(self, note: int, around: _Around) -> _Found:
        """Move a note; in a line those around it give way, or fill the hole that it leaves."""
        start, is_line = self.start[note], self.part[note] in self.place.lines
        own = self._expects(start, self.part[note], self.pitch[note])
        for by in (step for step in range(-NEAR, NEAR + 1) if step):
            to = start + by
            if not self._may_move(note, to, around):
                continue
            cost = self._charge(note, self.channel.shifted(by))
            promise = cost + self._expects(to, self.part[note], self.pitch[note]) - own
            if promise < LEAST["other"]:
                continue
            barline = self.place.after if to < self.place.after else self.place.end
            lengths = {int(self.notes["length"][note])}
            if is_line:
                lengths |= {min(around.until, barline) - to, int(self.end[note]) - to}
            for length in sorted(each for each in lengths if 0 < each <= self.place.end - to):
                moved = self._with(note, start=to, length=length)
                yield promise, cost, moved
                if is_line and around.touches and by > 0:
                    moved = moved.copy()
                    moved["length"][around.before] = to - self.start[around.before]
                    yield promise, cost, moved

    def _may_move(self, note: int, to: int, around: _Around) -> bool:
        start, is_later = self.start[note], self.start[note] >= self.place.after
        if not self.place.first <= to < (self.place.after if is_later else self.place.end):
            return False
        if self.part[note] not in self.place.lines:
            return True
        hole_after = around.until > self.end[note]
        if to > start:
            return to < around.until and (around.gap > 0 or hole_after)
        passes = around.before is not None and to <= self.start[around.before]
        return not passes and (start - to <= around.gap or hole_after)

    def _stretch(self, note: int, around: _Around) -> _Found:
        """Give a note another length; in a line, until the next one."""
        start, length = self.start[note], int(self.notes["length"][note])
        if self.part[note] in self.place.lines:
            lengths = [min(around.until, self.place.after) - start]
        else:
            lengths = [each for each in LENGTHS if start + each <= self.place.end]
        for to in lengths:
            cost = self._charge(note, self.channel.stretched(to - length)) if to != length else -np.inf
            if cost > LEAST["other"] and (to > length or self.part[note] not in self.place.lines):
                yield cost, cost, self._with(note, length=to)

    def _silence(self, part: int) -> np.ndarray:
        """Return at which steps of the measure a note may be missing, bool, shape (steps,).

        In a line where it is silent, or sounds by a note that was put in: this may be two.
        """
        first, after = self.place.first, self.place.after
        step = np.arange(first, after)
        silent = (step >= self.place.within[0]) & (step < self.place.within[1])
        if part in self.place.lines:
            for note in np.flatnonzero(self.part == part):
                is_new = self.notes["velocity"][note] == NEW
                end = self.start[note] + 1 if is_new else self.end[note]
                silent &= (step < self.start[note]) | (step >= end)
        return silent

    def _hold_over(self, part: int, silent: np.ndarray) -> _Found:
        """Let a note that ends at the barline go on."""
        room = _room(silent, 0)
        ended = (self.part == part) & (self.start < self.place.first) & (self.end == self.place.first)
        for note in np.flatnonzero(ended).tolist() if room and part in self.place.lines else ():
            for more in sorted({room, *(length for length in LENGTHS if length < room)}):
                cost = self._charge(note, self.channel.stretched(more))
                yield cost, cost, self._with(note, length=int(self.notes["length"][note]) + more)

    def _insert(self, part: int, silent: np.ndarray) -> _Found:
        """Put in a note that was dropped; in a line, where it is silent."""
        cost = self.channel.dropped
        for step in np.flatnonzero(silent).tolist():
            room, chances = _room(silent, step), self.expected[step, part]
            opens = step == 0 or not silent[step - 1] or part not in self.place.lines
            for pitch in np.argsort(-chances, kind="stable")[: PITCHES if opens else 3].tolist():
                for length in sorted({room, *(each for each in LENGTHS if each < room)}):
                    promise = float(chances[pitch]) + cost - (length != room) - (not opens)
                    if promise > LEAST["insert"]:
                        new = (self.place.first + step, length, pitch, NEW, part)
                        yield promise, cost, np.append(self.notes, np.array([new], NOTE))


def _room(silent: np.ndarray, step: int) -> int:
    """Return how many steps are silent from one on."""
    sounding = np.flatnonzero(~silent[step:])
    return int(sounding[0]) if len(sounding) else len(silent) - step
