"""A measure's repairs, searched from the best on and weighed, and the best of them.

Repairs are found one error at a time (`repairs`). The best of them are weighed by how likely the decoder
finds them, with the measures that follow, and the best of those are looked at again for a further error,
until nothing more is gained.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from musicvae.compose.repair.evidence import Evidence
from musicvae.compose.repair.likelihood import PassageLikelihood
from musicvae.compose.repair.passage import Place, name_notes
from musicvae.compose.repair.single_repairs import Repair, find_repairs, make_repair, undo_all

ROUNDS = 12  # at most, each for one more error in a measure
PROMISING = 6  # repairs weighed with the measures that follow, in a round
WIDTH = 2  # of the best guesses, how many are looked at for further errors,
MARGIN = 4.0  # and by how much the others may be worse, nats


class Weighed(NamedTuple):
    """A repair and how likely it is, with what it cost, nats."""

    repair: Repair
    log_prob: float


class RepairSearch:
    """Where repairs are weighed.

    Parameters
    ----------
    likelihood : PassageLikelihood
        That has heard the song up to the measure.
    evidence : Evidence
    """

    def __init__(self, likelihood: PassageLikelihood, evidence: Evidence) -> None:
        self.likelihood, self.evidence = likelihood, evidence

    def find_best(self, now: Repair, place: Place, better_by: float) -> Repair:
        """Return the likeliest repair of a measure if it beats what it is now by more than so many nats."""
        if now.cost == 0 and self._is_clear(now, place):
            return now
        weighed = self._weigh_all(now, place)
        best, mine = max(weighed.values(), key=lambda each: each.log_prob), weighed[name_notes(now.notes)]
        return best.repair if best.log_prob > mine.log_prob + better_by else now

    def _is_clear(self, now: Repair, place: Place) -> bool:
        """Say whether no error is less improbable than the measure as it is."""
        return self.likelihood.log_probs([now.notes], place.barlines[:2])[0] > self.evidence.channel.dropped

    def _weigh_all(self, now: Repair, place: Place) -> dict[bytes, Weighed]:
        """Return the repairs of a measure that were worth weighing."""
        weighed: dict[bytes, Weighed] = {}
        given = make_repair(undo_all(now.notes, place, self.evidence), place, self.evidence)
        first = {name_notes(each.notes): each for each in (given, now) if each is not None}
        self._weigh(list(first.values()), place, weighed)
        seen = {name: each.repair.cost for name, each in weighed.items()}
        looked_at = set[bytes]()
        for _ in range(ROUNDS):
            leading = sorted(weighed.items(), key=lambda each: -each[1].log_prob)[:WIDTH]
            least = leading[0][1].log_prob - MARGIN
            near = (name for name, guess in leading if guess.log_prob >= least and name not in looked_at)
            name = next(near, None)
            if name is None:
                break
            looked_at.add(name)
            self._weigh(self._find(weighed[name].repair, place, seen), place, weighed)
        return weighed

    def _find(self, given: Repair, place: Place, seen: dict[bytes, float]) -> list[Repair]:
        """Return the repairs that make the measure likeliest, of those not seen before at that cost."""
        expected = self.likelihood.expect(given.notes, place.barlines)
        new: dict[bytes, Repair] = {}
        for repair in find_repairs(given.notes, expected, place, self.evidence):
            name = name_notes(repair.notes)
            if repair.cost > seen.get(name, -math.inf):
                seen[name] = repair.cost
                new[name] = repair
        found = list(new.values())
        log_probs = self.likelihood.log_probs([repair.notes for repair in found], place.barlines[:2])
        totals = [log_prob + repair.cost for log_prob, repair in zip(log_probs, found, strict=True)]
        return [found[index] for index in np.argsort(-np.array(totals), kind="stable")[:PROMISING]]

    def _weigh(self, repairs: Sequence[Repair], place: Place, weighed: dict[bytes, Weighed]) -> None:
        """Add to those weighed how likely repairs are, with the measures that follow."""
        log_probs = self.likelihood.log_probs([repair.notes for repair in repairs], place.barlines)
        for repair, log_prob in zip(repairs, log_probs, strict=True):
            weighed[name_notes(repair.notes)] = Weighed(repair, log_prob + repair.cost)
