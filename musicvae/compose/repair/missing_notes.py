"""What may be missing where a measure is silent: a note that was dropped, or the end of one held over."""

from __future__ import annotations

import numpy as np

from musicvae.compose.repair.draft import LENGTHS, PITCHES, Draft, Proposals
from musicvae.compose.repair.passage import NEW, TRACED

LEAST = -7.5  # what a note put in must promise to be worth a closer look, nats


def fill_silence(draft: Draft, part: int) -> Proposals:
    """Yield the notes with one put in; in a line, where it is silent."""
    silent = _find_silence(draft, part)
    for step in np.flatnonzero(silent).tolist():
        until, chances = _silent_steps(silent, step), draft.expected[step, part]
        opens = step == 0 or not silent[step - 1] or part not in draft.scope.lines
        for pitch in np.argsort(-chances, kind="stable")[: PITCHES if opens else 3].tolist():
            for length in _lengths_within(until):
                gain = float(chances[pitch]) - (length != until) - (not opens)
                if gain + draft.channel.dropped > LEAST:
                    new = (draft.scope.first + step, length, pitch, 0, part, NEW)
                    yield gain, np.append(draft.notes, np.array([new], TRACED))


def hold_over(draft: Draft, line: int) -> Proposals:
    """Yield the notes with one of a line that ends at the barline going on."""
    until, barline = _silent_steps(_find_silence(draft, line), 0), draft.scope.first
    ended = (draft.part == line) & (draft.start < barline) & (draft.end == barline)
    for note in np.flatnonzero(ended).tolist():
        for more in _lengths_within(until):
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


def _lengths_within(steps: int) -> list[int]:
    """Return lengths that fit into so many steps: usual ones, and all of them."""
    return sorted({steps, *(length for length in LENGTHS if length < steps)} - {0})
