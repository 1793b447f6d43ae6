"""Keep to plans of repetition while pieces are written.

A plan (`midi.form.plans`) says of each measure that it is new, or that it takes up an earlier one, note for
note or varied. What is taken up note for note is copied. A varied measure is written from the code of its
source, somewhat free of it. And since a decoder that looks back likes to repeat, whatever is not to be a copy
is drawn anew until it is none; a varied measure ever freer of its source, but no freer than that takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import torch

from musicvae.measures.data.noisy_codes import NoisyCodes, add_noise
from musicvae.measures.writing.coding import encode_written
from musicvae.measures.writing.side_by_side import Writing
from musicvae.midi.form.plans import Plan
from musicvae.midi.songs.measure_notes import MeasureNotes, measure_key

# How free a varied measure is of the code of its source at first, and at last if it comes out as a copy again
# and again. In folk tunes those that vary an earlier one share an onset F1 of .75 with it. At .35 four drawn
# measures in five are copies; at .45 one in three, and the others are as far off as in tunes; at .55 (F1 .37)
# little is left of the source.
VARIED = 0.42
FREEST = 0.55


class PlanKeeper:
    """The plans of pieces that are being written.

    Parameters
    ----------
    writing : Writing
        What is written so far.
    plans : sequence of Plan or None
        One for each piece; None leaves it to the decoder what is repeated.
    generator : torch.Generator, optional
    """

    def __init__(
        self, writing: Writing, plans: Sequence[Plan | None], generator: torch.Generator | None = None
    ) -> None:
        self.writing = writing
        self.plans = plans
        self.generator = generator
        self.said = [{measure_key(notes) for notes in by_measure} for by_measure in writing.by_measure]

    def of(self, pieces: Sequence[int]) -> PlanKeeper:
        """Return what keeps to the plans of some of the pieces."""
        some = copy(self)
        some.writing = self.writing.select(pieces)
        some.plans = [self.plans[piece] for piece in pieces]
        some.said = [self.said[piece] for piece in pieces]
        return some

    def repeat(self) -> dict[int, MeasureNotes]:
        """Return the next measure of each piece that says an earlier one again."""
        sources = {piece: self._source(piece, varied=False) for piece in range(len(self.plans))}
        return {
            piece: self.writing.fit(piece, self.writing.by_measure[piece][source])
            for piece, source in sources.items()
            if source >= 0
        }

    def take_up(self, noisy: NoisyCodes) -> NoisyCodes:
        """Return the codes of the next measures, for varied ones those of their sources."""
        return self._vary(range(len(self.plans)), [VARIED] * len(self.plans), noisy)

    def loosen(self, noisy: NoisyCodes, often: Sequence[int], gone: Sequence[float]) -> NoisyCodes:
        """Return the codes of tries at next measures, given which share of its tries each piece has had."""
        return self._vary(often, [VARIED + (FREEST - VARIED) * share for share in gone], noisy.of(often))

    def accepts(self, piece: int, notes: MeasureNotes) -> bool:
        """Say whether a measure drawn for a piece, one that shall be no copy, can be its next one."""
        plan, measure = self.plans[piece], self.writing.at
        if plan is None or measure >= plan.measures or not len(notes):
            return True
        if measure == 0:
            return plan.upbeat == bool(notes["step"].min() > 0)
        return measure_key(notes) not in self.said[piece]

    def keep(self, writing: Writing) -> None:
        """Take note of the pieces with one measure more."""
        self.writing = writing
        for said, by_measure in zip(self.said, writing.by_measure, strict=True):
            said.add(measure_key(by_measure[-1]))

    def _vary(self, pieces: Sequence[int], free: Sequence[float], noisy: NoisyCodes) -> NoisyCodes:
        """Return the codes, a row for each piece named, those of varied measures so free of their sources."""
        sources = [self._source(piece, varied=True) for piece in pieces]
        rows = [row for row, source in enumerate(sources) if source >= 0]
        if not rows:
            return noisy
        some, measures = [pieces[row] for row in rows], [sources[row] for row in rows]
        codes = encode_written(self.writing, some, measures).mean
        rough = add_noise(codes, codes.new_tensor([free[row] for row in rows]), self.generator)
        code, freedom = noisy.code.clone(), noisy.freedom.clone()
        code[rows], freedom[rows] = rough.code.to(code), rough.freedom.to(freedom)
        return NoisyCodes(code, freedom)

    def _source(self, piece: int, varied: bool) -> int:
        """Return the measure that the next one of a piece takes up in this way, -1 if it takes up none."""
        plan, measure = self.plans[piece], self.writing.at
        if plan is None or measure >= plan.measures or plan.varied[measure] != varied:
            return -1
        return int(plan.source[measure])
