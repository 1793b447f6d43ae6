"""How well a model knows songs that it never saw: how likely, what follows from what, said back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from figures.bench import Bench, Pair, draw_pairs
from musicvae.evaluate.music.reconstruction import Evaluation
from musicvae.measures.data.song_batch import outline_song
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.side_by_side import begin_writing
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.measure_notes import split_measures
from musicvae.midi.songs.song import Song

GIVEN, NEXT = 8, 4  # measures
PAIRS, PAIRS_AT_ONCE = 400, 32
CONTINUATION_GOAL = 0.95
# Step accuracy, onset F1, note F1 at least; rate, nats a measure, at most.
RECONSTRUCTION_GOALS = {"melody": (0.997, 0.0, 0.993, 45.0), "voices": (0.0, 0.985, 0.96, 75.0)}


@dataclass(frozen=True)
class Following:
    """In how many cases measures are likelier after their own predecessors than after another song's."""

    cases: int
    likelier_after_own: float
    nats_gained: float


@dataclass(frozen=True)
class Likelihood:
    """Nats a measure without codes, and what hearing the song is worth."""

    test_nats: float
    train_nats: float
    same_meter: Following
    same_meter_and_key: Following
    reached: bool


@dataclass(frozen=True)
class Reconstruction:
    """Songs said back."""

    test: Evaluation
    train: Evaluation
    reached: bool


def measure_likelihood(bench: Bench) -> Likelihood:
    """How likely songs are without codes, and whether what follows is likelier after what was before."""
    same_meter = _following(bench, _meters)
    return Likelihood(
        _without_codes(bench.scores),
        _without_codes(bench.train_scores),
        same_meter,
        _following(bench, lambda song: (_meters(song), find_key(song))),
        same_meter.likelier_after_own >= CONTINUATION_GOAL,
    )


def measure_reconstruction(bench: Bench) -> Reconstruction:
    """How well songs are said back, and at what rate."""
    test = bench.scores
    steps, onsets, notes, rate = RECONSTRUCTION_GOALS[bench.model.config.ensemble]
    reached = test.step_accuracy >= steps and test.onset_f1 >= onsets and test.note_f1 >= notes
    return Reconstruction(test, bench.train_scores, reached and test.rate_nats <= rate)


def _without_codes(scores: Evaluation) -> float:
    return scores.without_code_nats or np.nan


def _meters(song: Song) -> Hashable:
    return song.meters[: GIVEN + NEXT]


def _following(bench: Bench, kind: Callable[[Song], Hashable]) -> Following:
    """Compare what follows in songs after their own beginning, and after that of others of their kind."""
    songs = [song for song in bench.test if song.measures >= GIVEN + NEXT]
    pairs = draw_pairs(songs, kind, PAIRS, bench.rng())
    own = _log_probs_after(bench.model, [Pair(pair.a, pair.a) for pair in pairs])
    other = _log_probs_after(bench.model, pairs)
    return Following(len(pairs), float(np.mean(own > other)), float(np.mean(own - other)) / NEXT)


def _log_probs_after(model: MeasureVAE, pairs: Sequence[Pair]) -> np.ndarray:
    """Return how likely each A's next measures are after the first measures of B, nats, shape (pairs,)."""
    sums = []
    for first in range(0, len(pairs), PAIRS_AT_ONCE):
        some = pairs[first : first + PAIRS_AT_ONCE]
        begun = begin_writing(model, [outline_song(pair.a) for pair in some])
        writing, _ = begun.hear([split_measures(pair.b)[:GIVEN] for pair in some])
        following = [split_measures(pair.a)[GIVEN : GIVEN + NEXT] for pair in some]
        fitting = [[writing.fit(n, by_measure[0]), *by_measure[1:]] for n, by_measure in enumerate(following)]
        sums.append(writing.hear(fitting).log_prob.sum(1).double().numpy())
    return np.concatenate([np.zeros(0), *sums])
