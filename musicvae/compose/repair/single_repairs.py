"""What might be wrong with a measure: every way to put right one error in it that promises something.

A *repair* is a passage as it may have been, with what the noise channel takes for making of it what was
given. What it promises is a rough guess, from what the decoder expected at each step; only what promises
enough is worth a closer look. Errors are looked for where they leave a trace: in a line, a note that was
moved or cut short leaves a hole, and one that was dropped does. What was repaired before may be undone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from musicvae.compose.repair.draft import Draft
from musicvae.compose.repair.given_notes import Repair
from musicvae.compose.repair.line_moves import NEAR, find_line_moves
from musicvae.compose.repair.passage import NEW, TRACED, Scope

LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16)  # sixteenths that notes often last
PITCHES = 8  # tried for each note, those that were expected most
# Promises worth a closer look, nats: of another pitch, of a note put in, and of the rest.
LEAST_OF_PITCH, LEAST_OF_NEW, LEAST = -6.5, -7.5, -10.5
SURE = -1.5  # what was expected more than this is right: neither extra nor moved, nats
MOST = 60  # repairs of one measure looked at more closely

Proposals = Iterator[tuple[float, np.ndarray]]  # what is gained in expectation, nats, and the notes


def find_repairs(draft: Draft) -> list[Repair]:
    """Return repairs of one more error each, most promising first."""
    found: list[tuple[float, Repair]] = []
    for gain, notes in _propose(draft):
        repair = draft.given.repair(notes, draft.scope)
        if repair is not None:
            found.append((gain + repair.cost, repair))
    found.sort(key=lambda each: -each[0])
    return [repair for _, repair in found[:MOST]]


def _propose(draft: Draft) -> Proposals:
    """Yield every repair that promises something."""
    inside = np.flatnonzero(draft.scope.holds(draft.start)).tolist()
    yield from _undo(draft, inside)
    for note in inside:
        yield from _repitch(draft, note)
        yield from _stretch(draft, note)
        if draft.expects(draft.start[note], draft.part[note], draft.pitch[note]) < SURE:
            yield from _leave_out(draft, note)
    for part in range(draft.expected.shape[1]):
        yield from _fill_silence(draft, part)
        if part in draft.scope.lines:
            yield from ((0.0, moved) for moved in find_line_moves(draft.notes, part, draft.scope))
            yield from _hold_over(draft, part)
        else:
            yield from _move(draft, part)


def _undo(draft: Draft, inside: list[int]) -> Proposals:
    """Let a note of the measure be as it was given, or not be if it was not."""
    given, rows = draft.given.notes, ["start", "length", "pitch"]
    for note in inside:
        source = draft.notes["source"][note]
        if draft.is_new[note]:
            yield 0.0, np.delete(draft.notes, note)
        elif given["start"][source] >= draft.scope.first and draft.notes[rows][note] != given[rows][source]:
            notes = draft.notes.copy()
            notes[note] = given[source]
            yield 0.0, notes
    missing = np.setdiff1d(draft.scope.sources, draft.notes["source"])
    for source in missing[draft.scope.holds(given["start"][missing])].tolist():
        yield 0.0, np.append(draft.notes, given[source])


def _repitch(draft: Draft, note: int) -> Proposals:
    """Give a note another pitch."""
    chances = draft.expected[draft.start[note] - draft.scope.first, draft.part[note]]
    own, now = draft.pitch[note], chances[draft.pitch[note]]
    others = [pitch for pitch in range(max(0, own - 12), min(127, own + 12) + 1) if pitch != own]
    gains = [float(chances[to] - now) for to in others]
    costs = [draft.charge(note, draft.channel.repitched(to - own)) for to in others]
    promises = np.add(gains, costs)
    for index in np.argsort(-promises, kind="stable")[:PITCHES]:
        if promises[index] > LEAST_OF_PITCH:
            yield gains[index], draft.replace(note, pitch=others[index])


def _leave_out(draft: Draft, note: int) -> Proposals:
    """Leave a note out; in a line, the note before may have been cut by it."""
    if draft.given.extra > LEAST:
        yield 0.0, np.delete(draft.notes, note)
        cut = np.flatnonzero((draft.part == draft.part[note]) & (draft.end == draft.start[note]))
        if draft.is_line(note) and len(cut):
            longer = draft.replace(cut[0], length=draft.end[note] - draft.start[cut[0]])
            yield 0.0, np.delete(longer, note)


def _move(draft: Draft, part: int) -> Proposals:
    """Move a note of a part that is no line: out of the measure, into it or within it."""
    scope = draft.scope
    near = (draft.start >= scope.first) & (draft.start < scope.after + NEAR * scope.sixteenth)
    for note in np.flatnonzero(near & (draft.part == part)).tolist():
        start, pitch = draft.start[note], draft.pitch[note]
        own = draft.expects(start, part, pitch)
        if own >= SURE:
            continue
        fits = max(scope.end - draft.notes["length"][note], start)
        for to in scope.starts_near(start, NEAR):
            gain = draft.expects(to, part, pitch) - own
            promise = gain + draft.charge(note, draft.channel.shifted(to - start))
            if to <= fits and promise > LEAST:
                yield gain, draft.replace(note, start=to)


def _stretch(draft: Draft, note: int) -> Proposals:
    """Give a note another length; in a line, let it last until the next one, or the barline."""
    start, now = int(draft.start[note]), int(draft.notes["length"][note])
    lengths = [to for to in _usual_lengths(draft.scope) if start + to <= draft.scope.end]
    if draft.is_line(note):
        later = draft.start[(draft.part == draft.part[note]) & (draft.start > start)]
        lengths = [max(now, int(later.min(initial=draft.scope.after)) - start)]
    for to in lengths:
        if to != now and draft.charge(note, draft.channel.stretched(to - now)) > LEAST:
            yield 0.0, draft.replace(note, length=to)


def _fill_silence(draft: Draft, part: int) -> Proposals:
    """Yield the notes with one put in; in a line, where it is silent."""
    silent = _find_silence(draft, part)
    usual = [
        step for step in np.flatnonzero(silent).tolist() if draft.scope.is_usual(draft.scope.first + step)
    ]
    for step in usual:
        until, chances = _silent_steps(silent, step), draft.expected[step, part]
        opens = step == 0 or not silent[step - 1] or part not in draft.scope.lines
        for pitch in np.argsort(-chances, kind="stable")[: PITCHES if opens else 3].tolist():
            for length in _lengths_within(until, draft.scope):
                gain = float(chances[pitch]) - (length != until) - (not opens)
                if gain + draft.channel.dropped > LEAST_OF_NEW:
                    new = (draft.scope.first + step, length, pitch, 0, part, NEW)
                    yield gain, np.append(draft.notes, np.array([new], TRACED))


def _hold_over(draft: Draft, line: int) -> Proposals:
    """Yield the notes with one of a line that ends at the barline going on."""
    until, barline = _silent_steps(_find_silence(draft, line), 0), draft.scope.first
    ended = (draft.part == line) & (draft.start < barline) & (draft.end == barline)
    for note in np.flatnonzero(ended).tolist():
        for more in _lengths_within(until, draft.scope):
            yield 0.0, draft.replace(note, length=int(draft.notes["length"][note]) + more)


def _find_silence(draft: Draft, part: int) -> np.ndarray:
    """Return at which steps of the measure a note may be missing, bool, shape (steps,).

    In a line where it is silent, or sounds by a note that was put in: this may be two.
    """
    scope = draft.scope
    step = np.arange(scope.first, scope.after)
    silent = (step >= scope.within[0]) & (step < scope.within[1])
    if part in scope.lines:
        for note in np.flatnonzero(draft.part == part):
            end = draft.start[note] + 1 if draft.is_new[note] else draft.end[note]
            silent &= (step < draft.start[note]) | (step >= end)
    return silent


def _silent_steps(silent: np.ndarray, step: int) -> int:
    """Return how many steps are silent from one on."""
    sounding = np.flatnonzero(~silent[step:])
    return int(sounding[0]) if len(sounding) else len(silent) - step


def _lengths_within(steps: int, scope: Scope) -> list[int]:
    """Return lengths that fit into so many steps: usual ones, and all of them."""
    return sorted({steps, *(length for length in _usual_lengths(scope) if length < steps)} - {0})


def _usual_lengths(scope: Scope) -> list[int]:
    """Return steps that notes often last: some sixteenths, or as many thirds of an eighth on a finer grid."""
    thirds = [] if scope.sixteenth % 3 else [2 * length * scope.sixteenth // 3 for length in LENGTHS]
    return sorted({*(length * scope.sixteenth for length in LENGTHS), *thirds})
