"""What the figures are taken from: a model, the songs of its corpus, and the pieces that it writes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch

from musicvae.compose.generate import generate
from musicvae.compose.options import PieceOptions
from musicvae.evaluate.music.reconstruction import Evaluation, evaluate
from musicvae.measures.data.song_batch import group_by_length, outline_song
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.side_by_side import begin_writing
from musicvae.midi.form.plan_model import PlanModel
from musicvae.midi.likeness.tune_index import TuneIndex
from musicvae.midi.songs.measure_notes import split_measures
from musicvae.midi.songs.song import Song

MEASURES = 16  # of the pieces
MEASURES_AT_ONCE = 512  # heard together: it bounds the memory


@dataclass(frozen=True, eq=False)
class Bench:
    """A model with its folder's plans and tunes, and songs in its grid and parts.

    `pieces` are written of each kind; of the songs at most `songs` are taken where each takes long.
    The first of the temperatures is the one that the figures have to be reached at.
    """

    model: MeasureVAE
    plans: PlanModel | None
    tunes: TuneIndex
    train: Sequence[Song]
    test: Sequence[Song]
    pieces: int
    songs: int
    temperatures: tuple[float, ...]
    seed: int

    def generator(self) -> torch.Generator:
        """Return a new source of the model's chance."""
        return torch.Generator().manual_seed(self.seed)

    def rng(self) -> np.random.Generator:
        """Return a new source of other chance."""
        return np.random.default_rng(self.seed)

    @cached_property
    def written(self) -> dict[str, list[Song]]:
        """Pieces as a user gets them, by how they were written; those that count come first."""
        warm = {
            f"temperature {t}": generate(self.model, self._options(t), self.generator(), self.plans)
            for t in self.temperatures
        }
        usual = self.temperatures[0]
        prior = PieceOptions(self.pieces, MEASURES, temperature=usual, from_prior=True)
        return {
            **warm,
            "without a plan": generate(self.model, self._options(usual), self.generator()),
            "from the prior": generate(self.model, prior, self.generator()),
        }

    @cached_property
    def scores(self) -> Evaluation:
        """How the model does on the test songs."""
        return evaluate(self.model, self.test)

    @cached_property
    def train_scores(self) -> Evaluation:
        """How it does on some of the training songs."""
        return evaluate(self.model, self.some_train(self.songs))

    def some_train(self, count: int, measures: int = 1) -> list[Song]:
        """Return training songs of so many measures or more, drawn by the seed."""
        long_enough = [song for song in self.train if song.measures >= measures]
        return [long_enough[index] for index in self.rng().permutation(len(long_enough))[:count]]

    def _options(self, temperature: float) -> PieceOptions:
        return PieceOptions(self.pieces, MEASURES, temperature=temperature)


class Pair(NamedTuple):
    """Two songs that have something in common."""

    a: Song
    b: Song


def draw_pairs(
    songs: Sequence[Song], kind: Callable[[Song], Hashable], count: int, rng: np.random.Generator
) -> list[Pair]:
    """Return pairs of different songs of one kind, no pair twice (but its mirror image), `count` or all."""
    kinds = [kind(song) for song in songs]
    places = range(len(songs))
    every = [(i, j) for i in places for j in places if i != j and kinds[i] == kinds[j]]
    drawn = rng.permutation(len(every))[:count].tolist()
    return [Pair(songs[i], songs[j]) for i, j in (every[index] for index in drawn)]


def nats_a_measure(model: MeasureVAE, songs: Sequence[Song]) -> np.ndarray:
    """Return how unlikely songs are without codes, each a mean over its measures, shape (songs,)."""
    nats = np.zeros(len(songs))
    for chosen in group_by_length([song.measures for song in songs], MEASURES_AT_ONCE):
        some = [songs[index] for index in chosen]
        writing = begin_writing(model, [outline_song(song) for song in some])
        count = min(song.measures for song in some)
        heard = writing.hear([split_measures(song)[:count] for song in some])
        nats[chosen] = -heard.log_prob.mean(1).double().numpy()
    return nats
