"""A measure's repairs, searched from the best on and weighed, and the best of them.

Repairs are found one error at a time (`single_repairs`). The best of them are weighed by how likely the
decoder finds them, with the measures that follow, and the best of those are looked at again for a further
error, until nothing more is gained.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from musicvae.compose.repair.draft import Draft
from musicvae.compose.repair.given_notes import GivenNotes, Repair
from musicvae.compose.repair.passage import Scope, cut_passages, passage_key
from musicvae.compose.repair.single_repairs import find_repairs
from musicvae.measures.writing.continuation_scorer import ContinuationScorer
from musicvae.midi.songs.measure_notes import MeasureNotes

ROUNDS = 12  # at most, each for one more error in a measure
PROMISING = 6  # repairs weighed with the measures that follow, in a round
WIDTH = 2  # of the best guesses, how many are looked at for further errors,
MARGIN = 4.0  # and by how much the others may be worse, nats
AT_ONCE = 32  # repairs weighed side by side: it bounds the memory


class Weighed(NamedTuple):
    """A repair and how likely it is, with what it cost, nats."""

    repair: Repair
    log_prob: float


class RepairSearch:
    """The repairs of one measure that were worth weighing, from what it is now and what was given on.

    Parameters
    ----------
    scorer : ContinuationScorer
        That has heard the song up to the measure.
    given : GivenNotes
    scope : Scope
    now : Repair
    """

    def __init__(self, scorer: ContinuationScorer, given: GivenNotes, scope: Scope, now: Repair) -> None:
        self.scorer, self.given, self.scope, self.now = scorer, given, scope, now
        self.weighed: dict[bytes, Weighed] = {}

    def find_best(self, better_by: float) -> Repair:
        """Return the likeliest repair of the measure if it beats what it is now by more than so many nats."""
        if self.now.cost == 0 and self._is_clear():
            return self.now
        self._search()
        best = max(self.weighed.values(), key=lambda each: each.log_prob)
        now = self.weighed[passage_key(self.now.notes)]
        return best.repair if best.log_prob > now.log_prob + better_by else self.now

    def _is_clear(self) -> bool:
        """Say whether no error is less improbable than the measure as it is."""
        [now] = self._score([self.now], self.scope.barlines[:2])
        return now.log_prob > self.given.channel.dropped

    def _search(self) -> None:
        """Weigh the measure as it is and was given, and then repairs of one more error in each round."""
        given = self.given.repair(self.given.restore(self.now.notes, self.scope), self.scope)
        first = {passage_key(each.notes): each for each in (given, self.now) if each is not None}
        self._weigh(list(first.values()))
        seen = {key: each.repair.cost for key, each in self.weighed.items()}
        looked_at = set[bytes]()
        for _ in range(ROUNDS):
            leading = sorted(self.weighed.items(), key=lambda each: -each[1].log_prob)[:WIDTH]
            least = leading[0][1].log_prob - MARGIN
            near = (key for key, guess in leading if guess.log_prob >= least and key not in looked_at)
            key = next(near, None)
            if key is None:
                break
            looked_at.add(key)
            self._weigh(self._find(self.weighed[key].repair, seen))

    def _find(self, repair: Repair, seen: dict[bytes, float]) -> list[Repair]:
        """Return the repairs that make the measure likeliest, of those not seen before at that cost."""
        [[measure]] = cut_passages([repair.notes], self.scope.barlines[:2])
        expected = self._expect(measure, self.scope.find_usual(repair.notes))
        new: dict[bytes, Repair] = {}
        for further in find_repairs(Draft(repair.notes, expected, self.scope, self.given)):
            key = passage_key(further.notes)
            if further.cost > seen.get(key, -math.inf):
                seen[key] = further.cost
                new[key] = further
        found = self._score(list(new.values()), self.scope.barlines[:2])
        order = np.argsort([-each.log_prob for each in found], kind="stable")
        return [found[index].repair for index in order[:PROMISING]]

    def _expect(self, measure: MeasureNotes, steps: np.ndarray) -> np.ndarray:
        """Return what is expected of a measure at some steps, and nothing at the others: see `Draft`."""
        asked = self.scorer.expect(measure, steps).cpu().numpy()
        expected = np.full((self.scope.after - self.scope.first, *asked.shape[1:]), -np.inf, np.float32)
        expected[steps] = asked
        return expected

    def _weigh(self, repairs: Sequence[Repair]) -> None:
        """Add to those weighed how likely repairs are, with the measures that follow."""
        for each in self._score(repairs, self.scope.barlines):
            self.weighed[passage_key(each.repair.notes)] = each

    def _score(self, repairs: Sequence[Repair], barlines: np.ndarray) -> list[Weighed]:
        """Return how likely repairs are between the barlines."""
        scored: list[Weighed] = []
        for first in range(0, len(repairs), AT_ONCE):
            some = repairs[first : first + AT_ONCE]
            measures = cut_passages([repair.notes for repair in some], barlines)
            log_probs = self.scorer.weigh(measures).double().sum(1).tolist()
            scored += [Weighed(each, own + each.cost) for each, own in zip(some, log_probs, strict=True)]
        return scored
