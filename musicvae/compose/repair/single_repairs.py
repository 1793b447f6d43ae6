"""What might be wrong with a measure: every way to put right one error in it that promises something.

A *repair* is a passage as it may have been, with what the noise channel takes for making of it what was
given. What it promises is a rough guess, from what the decoder expected at each step; only what promises
enough is worth a closer look. Errors are looked for where they leave a trace: in a line, a note that was
moved or cut short leaves a hole, and one that was dropped does. What was repaired before may be undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from musicvae.compose.repair.evidence import Evidence
from musicvae.compose.repair.line_moves import NEAR, find_line_moves
from musicvae.compose.repair.passage import NEW, TRACED, Place, settle

LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16)  # steps that notes often last
PITCHES = 8  # tried for each note, those that were expected most
LEAST_OF_PITCH, LEAST_OF_NEW, LEAST = -6.5, -7.5, -10.5  # promises worth a closer look, nats
UNHEARD_OF = -6.0  # what is expected less is no more improbable: the error itself may be why
SURE = -1.5  # what was expected more than this is right: neither extra nor moved, nats
MOST = 60  # repairs of one measure looked at more closely


class Repair(NamedTuple):
    """A passage put right, and log p(given | it) less what it is if nothing was wrong, nats."""

    notes: np.ndarray
    cost: float


def find_repairs(notes: np.ndarray, expected: np.ndarray, place: Place, evidence: Evidence) -> list[Repair]:
    """Return repairs of one more error each, most promising first.

    Parameters
    ----------
    notes : np.ndarray of TRACED
        The passage with the errors found so far put right.
    expected : np.ndarray, shape (steps of the measure, parts, 128)
        As `expect_onsets` returns, of these notes.
    place : Place
    evidence : Evidence
    """
    found: list[tuple[float, Repair]] = []
    for gain, repaired in _Search(notes, expected, place, evidence).all():
        repair = make_repair(repaired, place, evidence)
        if repair is not None:
            found.append((gain + repair.cost, repair))
    found.sort(key=lambda each: -each[0])
    return [repair for _, repair in found[:MOST]]


def make_repair(notes: np.ndarray, place: Place, evidence: Evidence) -> Repair | None:
    """Return a passage with what it costs; None if it cannot be, since notes of a line begin together."""
    settled = settle(notes, place.lines)
    return None if settled is None else Repair(settled, evidence.log_prob(settled, place.sources))


def undo_all(notes: np.ndarray, place: Place, evidence: Evidence) -> np.ndarray:
    """Return a passage with the notes of its first measure as they were given.

    What belongs to measures before it now, or did when it was given, stays as it is.
    """
    given, is_new = evidence.notes["start"], notes["source"] == NEW
    own = place.holds(notes["start"]) & (is_new | (given[notes["source"]] >= place.first))
    mine = place.sources[place.holds(given[place.sources])]
    earlier = notes["source"][notes["start"] < place.first]
    back = np.union1d(np.setdiff1d(mine, earlier), notes["source"][own & ~is_new])
    return np.concatenate([notes[~own & ~np.isin(notes["source"], back)], evidence.notes[back]])


_Found = Iterator[tuple[float, np.ndarray]]  # what is gained in expectation, nats, and the notes


class _Search:
    """One measure being searched; the rest is as in `find_repairs`."""

    def __init__(self, notes: np.ndarray, expected: np.ndarray, place: Place, evidence: Evidence) -> None:
        self.notes, self.place, self.evidence, self.channel = notes, place, evidence, evidence.channel
        self.expected = np.maximum(expected, UNHEARD_OF)
        self.is_new = notes["source"] == NEW
        self.start = notes["start"].astype(int)
        self.end = self.start + notes["length"]
        self.part, self.pitch = notes["part"].astype(int), notes["pitch"].astype(int)
        self.inside = np.flatnonzero(place.holds(self.start)).tolist()

    def all(self) -> _Found:
        """Yield every repair that promises something."""
        yield from self._undo()
        for note in self.inside:
            yield from self._repitch(note)
            yield from self._stretch_in_line(note) if self._is_line(note) else self._stretch(note)
            if self._expects(self.start[note], self.part[note], self.pitch[note]) < SURE:
                yield from self._leave_out(note)
        for part in range(self.expected.shape[1]):
            silent = self._silence(part)
            yield from self._insert(part, silent)
            if part in self.place.lines:
                yield from self._move_in_line(part)
                yield from self._hold_over(part, silent)
            else:
                yield from self._move(part)

    def _expects(self, step: int, part: int, pitch: int) -> float:
        """Return how much an onset was expected; in later measures nobody knows."""
        step -= self.place.first
        return float(self.expected[step, part, pitch]) if step < len(self.expected) else UNHEARD_OF / 2

    def _is_line(self, note: int) -> bool:
        return self.part[note] in self.place.lines

    def _with(self, note: int, **changes: int) -> np.ndarray:
        notes = self.notes.copy()
        for name, value in changes.items():
            notes[name][note] = value
        return notes

    def _charge(self, note: int, cost: float) -> float:
        """Return about what an error in a note costs: nothing in one that was not given."""
        return 0.0 if self.is_new[note] else cost

    def _undo(self) -> _Found:
        """Let a note be as it was given, or not be if it was not."""
        given, rows = self.evidence.notes, ["start", "length", "pitch"]
        for note in self.inside:
            source = self.notes["source"][note]
            if self.is_new[note]:
                yield 0.0, np.delete(self.notes, note)
            elif given["start"][source] >= self.place.first and self.notes[rows][note] != given[rows][source]:
                notes = self.notes.copy()
                notes[note] = given[source]
                yield 0.0, notes
        missing = np.setdiff1d(self.place.sources, self.notes["source"])
        for source in missing[self.place.holds(given["start"][missing])].tolist():
            yield 0.0, np.append(self.notes, given[source])

    def _repitch(self, note: int) -> _Found:
        """Give a note another pitch."""
        chances = self.expected[self.start[note] - self.place.first, self.part[note]]
        own, now = self.pitch[note], chances[self.pitch[note]]
        others = [pitch for pitch in range(max(0, own - 12), min(127, own + 12) + 1) if pitch != own]
        gains = [float(chances[to] - now) for to in others]
        costs = [self._charge(note, self.channel.repitched(to - own)) for to in others]
        promises = np.add(gains, costs)
        for index in np.argsort(-promises, kind="stable")[:PITCHES]:
            if promises[index] > LEAST_OF_PITCH:
                yield gains[index], self._with(note, pitch=others[index])

    def _leave_out(self, note: int) -> _Found:
        """Leave a note out; in a line, the note before may have been cut by it."""
        if self.evidence.extra > LEAST:
            yield 0.0, np.delete(self.notes, note)
            cut = np.flatnonzero((self.part == self.part[note]) & (self.end == self.start[note]))
            if self._is_line(note) and len(cut):
                longer = self._with(cut[0], length=self.end[note] - self.start[cut[0]])
                yield 0.0, np.delete(longer, note)

    def _move(self, part: int) -> _Found:
        """Move a note of a part that is no line: out of the measure, into it or within it."""
        near = (self.start >= self.place.first) & (self.start < self.place.after + NEAR)
        for note in np.flatnonzero(near & (self.part == part)).tolist():
            start = self.start[note]
            own = self._expects(start, part, self.pitch[note])
            if own >= SURE:
                continue
            last = self.place.end if start < self.place.after else self.place.after
            fits = max(self.place.end - self.notes["length"][note], start)
            for to in range(max(self.place.first, start - NEAR), min(last, start + NEAR + 1, fits + 1)):
                gain = self._expects(to, part, self.pitch[note]) - own
                if to != start and gain + self._charge(note, self.channel.shifted(to - start)) > LEAST:
                    yield gain, self._with(note, start=to)

    def _move_in_line(self, part: int) -> _Found:
        """Put a note of a line back where it left a hole."""
        for moved in find_line_moves(self.notes, part, self.place):
            yield 0.0, moved

    def _stretch(self, note: int) -> _Found:
        """Give a note of a part that is no line another length."""
        for to in LENGTHS:
            by = to - int(self.notes["length"][note])
            if by and self.start[note] + to <= self.place.end:
                yield from self._last(note, to, by)

    def _stretch_in_line(self, note: int) -> _Found:
        """Let a note of a line last until the next one, or the barline."""
        later = self.start[(self.part == self.part[note]) & (self.start > self.start[note])]
        to = int(later.min(initial=self.place.after)) - int(self.start[note])
        by = to - int(self.notes["length"][note])
        if by > 0:
            yield from self._last(note, to, by)

    def _last(self, note: int, to: int, by: int) -> _Found:
        if self._charge(note, self.channel.stretched(by)) > LEAST:
            yield 0.0, self._with(note, length=to)

    def _silence(self, part: int) -> np.ndarray:
        """Return at which steps of the measure a note may be missing, bool, shape (steps,).

        In a line where it is silent, or sounds by a note that was put in: this may be two.
        """
        step = np.arange(self.place.first, self.place.after)
        silent = (step >= self.place.within[0]) & (step < self.place.within[1])
        if part in self.place.lines:
            for note in np.flatnonzero(self.part == part):
                end = self.start[note] + 1 if self.is_new[note] else self.end[note]
                silent &= (step < self.start[note]) | (step >= end)
        return silent

    def _hold_over(self, part: int, silent: np.ndarray) -> _Found:
        """Let a note of a line that ends at the barline go on."""
        room = _room(silent, 0)
        ended = (self.part == part) & (self.start < self.place.first) & (self.end == self.place.first)
        for note in np.flatnonzero(ended).tolist():
            for more in _fitting(room):
                yield 0.0, self._with(note, length=int(self.notes["length"][note]) + more)

    def _insert(self, part: int, silent: np.ndarray) -> _Found:
        """Put in a note that was dropped; in a line, where it is silent."""
        for step in np.flatnonzero(silent).tolist():
            room, chances = _room(silent, step), self.expected[step, part]
            opens = step == 0 or not silent[step - 1] or part not in self.place.lines
            for pitch in np.argsort(-chances, kind="stable")[: PITCHES if opens else 3].tolist():
                for length in _fitting(room):
                    gain = float(chances[pitch]) - (length != room) - (not opens)
                    if gain + self.channel.dropped > LEAST_OF_NEW:
                        new = (self.place.first + step, length, pitch, 0, part, NEW)
                        yield gain, np.append(self.notes, np.array([new], TRACED))


def _room(silent: np.ndarray, step: int) -> int:
    """Return how many steps are silent from one on."""
    sounding = np.flatnonzero(~silent[step:])
    return int(sounding[0]) if len(sounding) else len(silent) - step


def _fitting(room: int) -> list[int]:
    """Return lengths that fit into so many steps: usual ones, and all of them."""
    return sorted({room, *(length for length in LENGTHS if length < room)} - {0})
