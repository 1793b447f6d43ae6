"""What might be wrong with a measure: every way to put right one error in it that promises something.

A *repair* is a passage as it may have been, with what the noise channel takes for making of it what was
given. What it promises is a rough guess, from what the decoder expected at each step; only what promises
enough is worth a closer look. Errors are looked for where they leave a trace: in a line, a note that was
moved or cut short leaves a hole, and one that was dropped does. What was repaired before may be undone.
"""

from __future__ import annotations

import numpy as np

from musicvae.compose.repair.draft import LENGTHS, PITCHES, Draft, Proposals
from musicvae.compose.repair.given_notes import Repair
from musicvae.compose.repair.line_moves import NEAR, find_line_moves
from musicvae.compose.repair.missing_notes import fill_silence, hold_over

LEAST_OF_PITCH, LEAST = -6.5, -10.5  # promises worth a closer look, nats
SURE = -1.5  # what was expected more than this is right: neither extra nor moved, nats
MOST = 60  # repairs of one measure looked at more closely


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
        yield from _stretch_in_line(draft, note) if draft.is_line(note) else _stretch(draft, note)
        if draft.expects(draft.start[note], draft.part[note], draft.pitch[note]) < SURE:
            yield from _leave_out(draft, note)
    for part in range(draft.expected.shape[1]):
        yield from fill_silence(draft, part)
        if part in draft.scope.lines:
            yield from ((0.0, moved) for moved in find_line_moves(draft.notes, part, draft.scope))
            yield from hold_over(draft, part)
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
    near = (draft.start >= scope.first) & (draft.start < scope.after + NEAR)
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
    """Give a note of a part that is no line another length."""
    for to in LENGTHS:
        if draft.start[note] + to <= draft.scope.end:
            yield from _last(draft, note, to)


def _stretch_in_line(draft: Draft, note: int) -> Proposals:
    """Let a note of a line last until the next one, or the barline."""
    later = draft.start[(draft.part == draft.part[note]) & (draft.start > draft.start[note])]
    to = int(later.min(initial=draft.scope.after)) - int(draft.start[note])
    if to > draft.notes["length"][note]:
        yield from _last(draft, note, to)


def _last(draft: Draft, note: int, to: int) -> Proposals:
    """Let a note last so many steps."""
    by = to - int(draft.notes["length"][note])
    if by and draft.charge(note, draft.channel.stretched(by)) > LEAST:
        yield 0.0, draft.replace(note, length=to)
