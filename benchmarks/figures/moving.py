"""Codes with freedom: variations that leave their song bit by bit, and ways from one song to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from figures.bench import MEASURES, Bench, Pair, draw_pairs, nats_a_measure
from figures.report import Mean, mean_of
from musicvae.compose.interpolate import interpolate, path
from musicvae.compose.options import PathOptions
from musicvae.compose.performance.reconstruct import reconstruct
from musicvae.compose.performance.script import perform
from musicvae.compose.vary import variation, vary
from musicvae.measures.writing.coding import encode_songs
from musicvae.midi.likeness.agreement import compare
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.song import Song

AMOUNTS = tuple(round(0.1 * tenth, 1) for tenth in range(11))
TEMPERATURE = 0.9
VARIED_SONGS, VARIATIONS, RANDOM_PAIRS = 50, 4, 400
PATH_PAIRS, PATH_MEASURES = 200, 8
CHECKED = 10  # songs and pairs for which the commands' own functions are asked
VARY_GOAL, PATH_GOAL = 1.1, 1.1


@dataclass(frozen=True)
class Variation:
    """The share of a song's notes that a variation keeps, by its amount."""

    kept: dict[str, Mean]
    between_random_songs: Mean
    falls: bool
    reconstructed_at_0: float
    reached: bool


@dataclass(frozen=True)
class Way:
    """Nats a measure without codes of songs half way between others, by how natural; and of the ends."""

    ends: Mean
    middle: dict[str, Mean]
    reconstructed_at_the_ends: float
    reached: bool


def measure_vary(bench: Bench) -> Variation:
    """How much variations keep of their song, from its reconstruction to a new piece."""
    openings = [song.opening(MEASURES) for song in bench.test if len(set(song.opening(MEASURES).meters)) == 1]
    songs = [openings[index] for index in bench.rng().permutation(len(openings))[:VARIED_SONGS]]
    kept = {str(amount): mean_of(_kept_by_variations(bench, songs, amount)) for amount in AMOUNTS}
    means = [mean.mean for mean in kept.values()]
    falls = all(later < earlier for earlier, later in pairwise(means))
    by_chance = _between_random_songs(bench, openings)
    same = np.mean([_is_reconstruction_at_0(bench, song) for song in songs[:CHECKED]])
    reached = falls and same == 1 and means[-1] <= VARY_GOAL * by_chance.mean
    return Variation(kept, by_chance, falls, float(same), reached)


def measure_interpolate(bench: Bench) -> Way:
    """How natural the middle of a way is, with freedom and without, beside its ends."""
    songs = [song.opening(PATH_MEASURES) for song in bench.test if song.measures >= PATH_MEASURES]
    pairs = draw_pairs(songs, lambda song: song.meters, PATH_PAIRS, bench.rng())
    usual = PathOptions().natural
    middle = {f"natural {n}": mean_of(_middle_nats(bench, pairs, n)) for n in (usual, 0.0)}
    ends = mean_of(nats_a_measure(bench.model, reconstruct(bench.model, songs)))
    same = np.mean([_ends_are_reconstructions(bench, pair) for pair in pairs[:CHECKED]])
    natural, plain = (mean.mean for mean in middle.values())
    reached = natural < plain and natural <= PATH_GOAL * ends.mean and same == 1
    return Way(ends, middle, float(same), reached)


def _kept_by_variations(bench: Bench, songs: Sequence[Song], amount: float) -> np.ndarray:
    """Return the share of each song's notes that variations keep, as `vary` writes them, shape (songs,)."""
    codes = encode_songs(bench.model, songs)
    scripts = [variation(song, own, amount) for song, own in zip(songs, codes, strict=True)]
    varied = perform(bench.model, scripts * VARIATIONS, TEMPERATURE, bench.generator())
    return np.reshape(_shares_kept([*songs] * VARIATIONS, varied), (VARIATIONS, -1)).mean(0)


def _shares_kept(songs: Sequence[Song], varied: Sequence[Song]) -> list[float]:
    return [compare(song, other).onset_recall for song, other in zip(songs, varied, strict=True)]


def _between_random_songs(bench: Bench, songs: Sequence[Song]) -> Mean:
    """Return which share of a song's notes another one has, of the same meter and key."""
    pairs = draw_pairs(songs, lambda song: (song.meters[0], find_key(song)), RANDOM_PAIRS, bench.rng())
    shares = []
    for a, b in pairs:
        count = min(a.measures, b.measures)
        shares += _shares_kept([a.opening(count)], [b.opening(count)])
    return mean_of(shares)


def _is_reconstruction_at_0(bench: Bench, song: Song) -> bool:
    [varied] = vary(bench.model, song, 0.0, 1, TEMPERATURE, bench.generator())
    return _same_notes(varied, reconstruct(bench.model, [song])[0])


def _middle_nats(bench: Bench, pairs: Sequence[Pair], natural: float) -> np.ndarray:
    """Return the nats a measure of the songs half way, as `interpolate` writes them."""
    options = PathOptions(steps=1, natural=natural)
    scripts = [path(bench.model, *pair, options)[1] for pair in pairs]
    return nats_a_measure(bench.model, perform(bench.model, scripts))


def _ends_are_reconstructions(bench: Bench, pair: Pair) -> bool:
    way = interpolate(bench.model, *pair, PathOptions(steps=1)).songs
    ends = (reconstruct(bench.model, [song])[0] for song in pair)
    return all(_same_notes(one, other) for one, other in zip((way[0], way[-1]), ends, strict=True))


def _same_notes(one: Song, other: Song) -> bool:
    return bool(np.array_equal(one.notes, other.notes))
