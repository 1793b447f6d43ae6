"""Say a measure back as its code says, and check it: analysis by synthesis.

The code of a measure tells more of it than its likeliest reading, note by note, brings out: one early slip
and the rest follows it. But whatever was written can be encoded again, and what encodes to the code that it
was written from is the measure that was meant. So a reading that does not is drawn anew, many times side
by side, and the one under whose posterior the code is likeliest is kept.

That helps where a model slips, and costs as much as some thirty measures. A model that says another measure
altogether has learned too little for it: such measures are read once. And a song whose readings have come
no nearer for some measures is given none for a while.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.core.categorical import GREEDY, Chooser
from musicvae.measures.data.noisy_codes import exact
from musicvae.measures.network.model import require_hearing
from musicvae.measures.writing.coding import encode_written
from musicvae.measures.writing.reading_chance import ReadingChance
from musicvae.measures.writing.side_by_side import Continuation, Writing, songs_at_once

# The squared distance of a code from its reading's posterior mean, in variances, on average over the
# coordinates, below which the reading is the measure that was meant: another differs by 1 or so.
NEAR = 0.02
FAR = 2.0  # from which on the likeliest reading is no slip, but what the model has not learned to say
READINGS = (8, 8, 16)  # of a measure whose likeliest one is not near, as long as none is
HELPED = 0.5  # of the distance at most is left where readings have helped
IN_VAIN = 4  # measures in a row after which a song has no readings
REST = 16  # of how many measures that are not near it has none then


class CloseReader:
    """Reads the measures of songs that are written side by side, each as often as that may help.

    What it finds is the same every time, whatever songs are written beside it.

    Parameters
    ----------
    exact : sequence of bool
        For each song, whether every measure that is not near is worth all readings.
    """

    def __init__(self, exact: Sequence[bool]) -> None:
        self.exact = list(exact)
        self.in_vain = [0] * len(self.exact)  # measures in a row that readings have not helped

    def of(self, songs: Sequence[int]) -> CloseReader:
        """Return what reads on some of the songs."""
        some = CloseReader([self.exact[song] for song in songs])
        some.in_vain = [self.in_vain[song] for song in songs]
        return some

    def find(self, writing: Writing, songs: Sequence[int], code: Tensor) -> dict[int, Continuation]:
        """Return for each of some songs the way to go on that reads most like its code.

        Parameters
        ----------
        writing : Writing
        songs : sequence of int
        code : Tensor, shape (songs of the writing, Z)
            Of the next measure of each.
        """
        if not songs:
            return {}
        read = _read(writing, songs, code, GREEDY)
        closest = {song: _Way(row, far) for song, row, far in zip(songs, read.ways(), read.far, strict=True)}
        doubtful = [song for song in songs if self._is_worth_it(song, closest[song].far)]
        likeliest = {song: closest[song].far for song in doubtful}
        for batch, readings in enumerate(READINGS):
            again = [song for song in doubtful if closest[song].far > NEAR]
            for some in _cut(again, max(1, songs_at_once(writing.model) // readings)):
                seed = writing.at * len(READINGS) + batch
                for song, way in _draw(writing, some, code, readings, seed).items():
                    closest[song] = min(closest[song], way, key=lambda each: each.far)
        for song in doubtful:
            helped = closest[song].far <= max(NEAR, HELPED * likeliest[song])
            self.in_vain[song] = 0 if helped else min(self.in_vain[song] + 1, IN_VAIN)
        return {song: way.on for song, way in closest.items()}

    def _is_worth_it(self, song: int, far: float) -> bool:
        """Say whether a measure whose likeliest reading is so far off may gain by more readings."""
        if far <= NEAR or self.exact[song]:
            return far > NEAR
        if far > FAR:
            return False
        rested = self.in_vain[song] - IN_VAIN
        if 0 <= rested < REST:
            self.in_vain[song] += 1
            return False
        return True


class _Way(NamedTuple):
    """A way to go on, and how far off it is."""

    on: Continuation
    far: float


class _Reading(NamedTuple):
    """Songs with a reading of their next measures, and how far off each is."""

    writing: Writing
    far: list[float]

    def ways(self) -> list[Continuation]:
        return [Continuation(self.writing, row) for row in range(len(self.far))]


def _draw(writing: Writing, songs: Sequence[int], code: Tensor, readings: int, seed: int) -> dict[int, _Way]:
    """Return the closest of some readings of each song: only these are kept."""
    alphabet, steps = writing.model.config.alphabet, writing.model.config.steps
    chance = ReadingChance(readings, len(songs), max(alphabet.size, steps + 1), seed)
    often = [song for song in songs for _ in range(readings)]
    read = _read(writing, often, code, chance.of(torch.arange(len(often))))
    far = torch.tensor(read.far).nan_to_num(math.inf).view(len(songs), readings)
    best = [row * readings + number for row, number in enumerate(far.argmin(1).tolist())]
    kept = _Reading(read.writing.select(best), [read.far[row] for row in best])
    return {song: _Way(on, off) for song, on, off in zip(songs, kept.ways(), kept.far, strict=True)}


def _read(writing: Writing, songs: Sequence[int], code: Tensor, choose: Chooser) -> _Reading:
    """Return a reading of the next measure of songs, one as often as it is named."""
    wanted, chosen, decoder = code[list(songs)], writing.select(songs), require_hearing(writing.model)
    layout = chosen.lay_out_next()
    read = chosen.add(decoder.write(layout, exact(wanted), choose, chosen.memory), layout)
    posterior = encode_written(read, range(len(songs)), [writing.at] * len(songs))
    far = ((wanted - posterior.mean).square() / posterior.log_var.exp()).mean(1)
    return _Reading(read, far.tolist())


def _cut(songs: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    """Yield the songs in runs of at most so many."""
    for first in range(0, len(songs), most):
        yield songs[first : first + most]
