"""The measures of a Humdrum score, from its barlines and meters.

Conventions
-----------
Every barline begins a measure, whatever its kind: halves around a repeat sign are joined by `score_measures`.
Where parts have meters of their own, a measure has that which fills it, else that of the highest part. A
score without barlines has one long measure for each meter.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from musicvae.midi.reading.scores.humdrum.kern_tokens import TokenReader
from musicvae.midi.reading.scores.humdrum.score_signs import MetersAt
from musicvae.midi.reading.scores.score_measures import ScoreMeasure, measure_length
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT
from musicvae.midi.songs.song import Meter


def to_score_measures(
    barlines: Sequence[int], meters: Sequence[MetersAt], end: int, reader: TokenReader
) -> list[ScoreMeasure]:
    """Return the measures in ticks, in order and without gaps; none if there are neither barlines nor meters.

    Parameters
    ----------
    barlines : sequence of int
        Where measures begin, in units, in order.
    meters : sequence of MetersAt
    end : int
        Where the score ends.
    reader : TokenReader
        It knows the units.
    """
    is_barred = any(0 < barline < end for barline in barlines)
    begins = barlines if is_barred else [at.start for at in meters]
    edges = [reader.ticks(edge) for edge in sorted({0, *begins, end})]
    measures: list[ScoreMeasure] = []
    now: tuple[Meter | None, ...] = ()
    changes = [(reader.ticks(at.start), at.meters) for at in meters]
    for start, until in pairwise(edges):
        while changes and changes[0][0] <= start:
            now = changes.pop(0)[1]
        measures.append(ScoreMeasure(start, until - start, _choose(now, until - start)))
    if is_barred or not measures:
        return measures
    return [*measures[:-1], _fill_up(measures[-1])] if meters else []


def _choose(meters: Sequence[Meter | None], length: int) -> Meter | None:
    filled = (meter for meter in meters if meter and measure_length(meter, TICKS_PER_BEAT) == length)
    return next(filled, meters[0] if meters else None)


def _fill_up(last: ScoreMeasure) -> ScoreMeasure:
    """Return measures without barlines, the last of them whole."""
    whole = measure_length(last.meter, TICKS_PER_BEAT) if last.meter else last.length
    return last._replace(length=-(-last.length // whole) * whole)
