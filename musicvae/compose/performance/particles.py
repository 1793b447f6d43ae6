"""Candidates written side by side and weighed as the writing goes: sequential Monte Carlo.

Each particle is a way to go on with a song. Its next measure is drawn from the decoder, as a whole or around
parts of it that are given, or borrowed from elsewhere in the song, since songs repeat themselves. With q the
chance of such a proposal and p the decoder's exact likelihood its weight grows by p / q; particles of little
weight are replaced by copies of heavier ones (Doucet, de Freitas and Gordon 2001, chapter 1).

Both p and q are taken at temperature 1. At other temperatures the measures that are drawn still count alike,
and what is borrowed is weighed against them as if they came as often as at temperature 1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import torch

from musicvae.core.categorical import Draw
from musicvae.core.chance import uniform
from musicvae.measures.writing.continuing import hear_fitting
from musicvae.measures.writing.given_parts import write_around
from musicvae.measures.writing.side_by_side import Writing
from musicvae.midi.songs.measure_notes import MeasureNotes, measure_key

BORROWED = 0.5  # how often a measure is borrowed and not drawn, where there is one to borrow
FEWEST = 0.5  # share of the particles that must count for something, else they are drawn anew
CPU = torch.device("cpu")


class Particles:
    """Ways to go on with one song.

    Parameters
    ----------
    writing : Writing
        The song so far, as often as there are particles.
    draw : Draw
        How notes are drawn from the decoder.
    """

    def __init__(self, writing: Writing, draw: Draw) -> None:
        self.writing = writing
        self.draw = draw
        self.log_weight = torch.zeros(len(writing.by_measure), dtype=torch.float64)

    def draw_measure(self, lendable: Sequence[MeasureNotes]) -> None:
        """Write the next measure of each particle: drawn, or one of those that the song can lend."""
        count = len(self.log_weight)
        share = BORROWED if lendable else 0.0
        borrows = (uniform((count,), self.draw.generator, CPU) < share).numpy()
        which = (uniform((count,), self.draw.generator, CPU) * len(lendable)).long().tolist()
        borrowing, drawing = np.flatnonzero(borrows).tolist(), np.flatnonzero(~borrows).tolist()
        by_measure = {
            particle: self.writing.fit(particle, lendable[which[particle]]) for particle in borrowing
        }
        by_measure.update(zip(drawing, self._drawn(drawing), strict=True))
        ordered = [by_measure[particle] for particle in range(count)]
        lent = self._count_lent(ordered, lendable)
        self.writing, log_prob = self.writing.hear([[measure] for measure in ordered])
        log_p = log_prob[:, 0].double().cpu()
        if lendable:
            log_lent = torch.log(share * lent / len(lendable))
            self.log_weight += log_p - torch.logaddexp(log_p + math.log(1 - share), log_lent)

    def write_around(self, given: MeasureNotes, written: Sequence[int]) -> None:
        """Write some parts of the next measure of each particle, around the others, which are given."""
        every = [given] * len(self.log_weight)
        self.writing, log_prob = write_around(self.writing, every, written, self.draw)
        self.log_weight += log_prob[:, 0].double().cpu()

    def drop(self, unwanted: Sequence[bool]) -> None:
        """Let those that are unwanted count for nothing, unless all are."""
        if not all(unwanted):
            self.log_weight[torch.tensor(unwanted)] = -torch.inf

    def hear(self, following: Sequence[MeasureNotes]) -> None:
        """Weigh the particles by measures that follow."""
        self.writing, log_prob = hear_fitting(self.writing, [following] * len(self.log_weight))
        self.log_weight += log_prob.sum(1).double().cpu()

    def heaviest(self) -> Writing:
        """Return the particle that counts for most."""
        return self.writing.select([int(self.log_weight.argmax())])

    def resample(self) -> None:
        """Replace particles of little weight, if too few count for something (systematic resampling)."""
        weight = self.log_weight.softmax(0)
        count = len(weight)
        if 1 / float(weight.square().sum()) >= FEWEST * count:
            return
        offset = uniform((1,), self.draw.generator, CPU).double()
        chosen = torch.searchsorted(weight.cumsum(0), (torch.arange(count) + offset) / count, right=True)
        self.writing = self.writing.select(chosen.clamp(max=count - 1).tolist())
        self.log_weight = torch.zeros(count, dtype=torch.float64)

    def _drawn(self, particles: Sequence[int]) -> list[MeasureNotes]:
        """Return a drawn measure for each of some particles."""
        if not particles:
            return []
        told = self.writing.no_codes(len(particles))
        written = self.writing.select(particles).write(told, self.draw)
        return [by_measure[-1] for by_measure in written.by_measure]

    def _count_lent(
        self, by_measure: Sequence[MeasureNotes], lendable: Sequence[MeasureNotes]
    ) -> torch.Tensor:
        """Return how many of the measures that can be lent are, for each particle, the one that it has."""
        alike: defaultdict[bytes, list[MeasureNotes]] = defaultdict(list)
        for measure in lendable:
            alike[measure_key(measure)].append(measure)
        count = [
            sum(
                _held(self.writing.fit(number, other)) == _held(measure)
                for other in alike[measure_key(measure)]
            )
            for number, measure in enumerate(by_measure)
        ]
        return torch.tensor(count, dtype=torch.float64)


def _held(measure: MeasureNotes) -> set[tuple[int, int]]:
    """Return part and pitch of the notes that a measure holds from the one before."""
    return set(measure[measure["held"]][["part", "pitch"]].tolist())
