"""Whether pieces are like the test songs, and not copied from the training songs."""

from __future__ import annotations

from dataclasses import dataclass

from figures.bench import MEASURES, Bench
from figures.report import Mean, mean_of
from musicvae.evaluate.music.comparison import openings
from musicvae.evaluate.music.memorisation import Copies, count_copies
from musicvae.evaluate.music.overlap import Overlap, overlap
from musicvae.evaluate.music.statistics import Statistics, describe, repeated_measures
from musicvae.midi.likeness.tune_index import TuneIndex, index_tunes
from musicvae.midi.songs.song import Song

# Few chorales have 16 measures: of all their openings 8 are compared too.
LENGTHS = (MEASURES, 8)
OVERLAP_GOAL = 0.9
STRUCTURE_GOALS = {
    "scale_consistency": 0.02,
    "mean_interval": 0.1,
    "groove_similarity": 0.1,
    "repeated_measures": 0.1,
}
MEMORY_GOAL = 2.0


@dataclass(frozen=True)
class Area:
    """The overlap of some songs with the test songs: its mean, that over the training songs', by feature."""

    mean: float
    of_train: float
    features: Overlap


@dataclass(frozen=True)
class Overlaps:
    """Overlaps with the openings of the test songs."""

    measures: int
    test_songs: int
    train: Area
    pieces: dict[str, Area]
    reached: bool


@dataclass(frozen=True)
class Structure:
    """What songs are like; `off` is by how much pieces differ, as a share of the test songs' value."""

    measures: int
    test_songs: int
    test: Statistics
    test_repeats: Mean
    train: Statistics
    pieces: dict[str, Statistics]
    off: dict[str, dict[str, float]]
    reached: bool


@dataclass(frozen=True)
class Memorisation:
    """Copies in pieces beside those in the test songs, windows being so many measures long."""

    measures: int
    test: Copies
    pieces: dict[str, Copies]
    reached: bool


def measure_overlap(bench: Bench) -> list[Overlaps]:
    """Overlapping area of pieces and test songs, beside that of training and test songs."""
    return [_overlaps(bench, measures) for measures in LENGTHS]


def measure_structure(bench: Bench) -> list[Structure]:
    """What pieces and test songs are like: repeats, groove, intervals, scales."""
    return [_structure(bench, measures) for measures in LENGTHS]


def measure_memorisation(bench: Bench) -> list[Memorisation]:
    """Which share of the windows of 8 measures the training songs have; of 4 too, which says more."""
    return [_memorisation(bench, index) for index in (bench.tunes, index_tunes(bench.train, measures=4))]


def _overlaps(bench: Bench, measures: int) -> Overlaps:
    reference = openings(bench.test, measures)
    known = overlap(_train_openings(bench, measures), reference)
    areas = {}
    for name, pieces in bench.written.items():
        area = overlap(openings(pieces, measures), reference)
        areas[name] = Area(area.mean, area.mean / known.mean, area)
    first = next(iter(areas.values()))
    train = Area(known.mean, 1.0, known)
    return Overlaps(measures, len(reference), train, areas, first.of_train >= OVERLAP_GOAL)


def _structure(bench: Bench, measures: int) -> Structure:
    reference = openings(bench.test, measures)
    test = describe(reference)
    pieces = {name: describe(openings(songs, measures)) for name, songs in bench.written.items()}
    off = {name: _off(own, test) for name, own in pieces.items()}
    first = next(iter(off.values()))
    return Structure(
        measures,
        len(reference),
        test,
        mean_of([repeated_measures(song) for song in reference]),
        describe(_train_openings(bench, measures)),
        pieces,
        off,
        all(abs(first[name]) <= goal for name, goal in STRUCTURE_GOALS.items()),
    )


def _off(own: Statistics, test: Statistics) -> dict[str, float]:
    return {name: getattr(own, name) / getattr(test, name) - 1 for name in STRUCTURE_GOALS}


def _memorisation(bench: Bench, index: TuneIndex) -> Memorisation:
    test = count_copies(bench.test, index)
    pieces = {name: count_copies(songs, index) for name, songs in bench.written.items()}
    first = next(iter(pieces.values()))
    return Memorisation(index.measures, test, pieces, first.share <= MEMORY_GOAL * test.share)


def _train_openings(bench: Bench, measures: int) -> list[Song]:
    """Return as many openings of training songs as there are pieces, if there are so many."""
    return openings(bench.some_train(bench.pieces, measures), measures)
