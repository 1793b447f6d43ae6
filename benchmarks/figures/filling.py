"""Gaps filled: how much of the truth comes back, beside simpler ways to fill them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from figures.bench import MEASURES, Bench
from figures.report import Mean, mean_of
from musicvae.compose.infill import Gap, infill
from musicvae.compose.options import InfillOptions
from musicvae.midi.likeness.agreement import compare
from musicvae.midi.songs.song import Song

GAP = 4  # measures
GAPS = (Gap(8, 12), Gap(4, 8))
ABOUT = 150  # gaps to fill; where there are fewer, each is filled several times


@dataclass(frozen=True)
class Filling:
    """Note F1 of fillings with the truth, and by how much weighing is better than the other ways."""

    gap: str
    weighed: Mean
    not_weighed: Mean
    copied: Mean
    better_than_not_weighed: Mean
    better_than_copied: Mean
    reached: bool


class _Case(NamedTuple):
    """A song with a gap."""

    song: Song
    gap: Gap


class _Scores(NamedTuple):
    """Note F1 of one case, filled in three ways."""

    gap: Gap
    weighed: float
    not_weighed: float
    copied: float


def measure_infill(bench: Bench) -> list[Filling]:
    """Note F1 of four measures in sixteen: the model's with and without weighing, the four before copied."""
    cases = list(_cases(bench))
    rounds = max(1, ABOUT // max(1, len(cases)))
    scores = [_score(bench, case, rounds) for case in cases]
    of_gap = [_filling(str(tuple(gap)), [each for each in scores if each.gap == gap]) for gap in GAPS]
    return [_filling("all", scores), *of_gap]


def _cases(bench: Bench) -> Iterator[_Case]:
    """Yield gaps in the openings of test songs that have one meter and go on for four measures after it."""
    openings = [song.opening(MEASURES) for song in bench.test]
    openings = [song for song in openings if len(set(song.meters)) == 1]
    drawn = [openings[index] for index in bench.rng().permutation(len(openings))]
    for gap in GAPS:
        long_enough = [song for song in drawn if song.measures >= gap.after + GAP]
        yield from (_Case(song, gap) for song in long_enough[: bench.songs])


def _score(bench: Bench, case: _Case, rounds: int) -> _Scores:
    song, gap = case
    truth, generator = song.cut(*gap), bench.generator()

    def f1(options: InfillOptions) -> float:
        filled = [infill(bench.model, song, gap, options, generator).cut(*gap) for _ in range(rounds)]
        return float(np.mean([compare(truth, each).note_f1 for each in filled]))

    before = song.cut(gap.first - GAP, gap.first)
    usual, first_drawn = InfillOptions(), InfillOptions(weigh=False)
    return _Scores(gap, f1(usual), f1(first_drawn), compare(truth, before).note_f1)


def _filling(name: str, scores: list[_Scores]) -> Filling:
    weighed, not_weighed, copied = np.array([each[1:] for each in scores]).reshape(-1, 3).T
    better = mean_of(weighed - not_weighed), mean_of(weighed - copied)
    return Filling(
        name,
        mean_of(weighed),
        mean_of(not_weighed),
        mean_of(copied),
        *better,
        reached=better[0].mean > 0 and better[1].mean > 0,
    )
