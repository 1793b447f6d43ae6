"""Parts written to a tune: how near they come to the true ones, beside those of the likest song."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from figures.bench import MEASURES, Bench
from figures.report import Mean, mean_of
from musicvae.compose.accompany import accompany
from musicvae.compose.infill import Gap
from musicvae.compose.options import InfillOptions
from musicvae.evaluate.music.statistics import scale_consistency
from musicvae.midi.likeness.agreement import compare
from musicvae.midi.songs.song import Song

TUNE = 0  # the part that is given
SHIFTS = range(-6, 6)  # semitones, by which another song is laid over a tune
ROUNDS = 4  # ways in which each song is written


@dataclass(frozen=True)
class Accompaniment:
    """Onset F1 of the parts written to a tune with the true ones, and how well they keep to a scale."""

    parts: tuple[str, ...]
    weighed: Mean
    not_weighed: Mean
    of_likest: Mean
    better_than_not_weighed: Mean
    better_than_of_likest: Mean
    scale_consistency: Mean
    true_scale_consistency: Mean
    reached: bool


def measure_accompany(bench: Bench) -> Accompaniment | None:
    """Onset F1 of all parts but the first, written to it; None for a model of one part.

    Beside them stand the parts of the song learned from whose tune, at any pitch, has most onsets in common.
    """
    parts = bench.model.config.parts
    if len(parts) == 1:
        return None
    songs = [song.opening(MEASURES) for song in bench.test]
    songs = [song for song in songs if len(set(song.notes["part"].tolist())) == len(parts)]
    songs = [songs[index] for index in bench.rng().permutation(len(songs))[: bench.songs]]
    weighed, not_weighed = (_write(bench, songs, InfillOptions(weigh=weigh)) for weigh in (True, False))
    laid = [[_lay_over(song, bench.train)] for song in songs]
    scores = np.array([_scores(songs, ways) for ways in (weighed, not_weighed, laid)])
    than_one_draw, than_likest = mean_of(scores[0] - scores[1]), mean_of(scores[0] - scores[2])
    scales = [np.mean([scale_consistency(_without_tune(way)) for way in ways]) for ways in weighed]
    truth = [scale_consistency(_without_tune(song)) for song in songs]
    return Accompaniment(
        parts=tuple(part.name for part in parts[1:]),
        weighed=mean_of(scores[0]),
        not_weighed=mean_of(scores[1]),
        of_likest=mean_of(scores[2]),
        better_than_not_weighed=than_one_draw,
        better_than_of_likest=than_likest,
        scale_consistency=mean_of(np.array(scales)),
        true_scale_consistency=mean_of(truth),
        reached=than_likest.mean > 0 and bool(abs(np.mean(scales) - np.mean(truth)) <= 0.02),
    )


def _write(bench: Bench, songs: Sequence[Song], options: InfillOptions) -> list[list[Song]]:
    """Return several ways in which parts are written to the tune of each song."""
    generator, new = bench.generator(), range(1, len(bench.model.config.parts))
    return [
        [accompany(bench.model, song, new, Gap(0, song.measures), options, generator) for _ in range(ROUNDS)]
        for song in songs
    ]


def _scores(songs: Sequence[Song], ways: Sequence[Sequence[Song]]) -> list[float]:
    """Return the mean onset F1 of the ways of each song."""
    pairs = zip(songs, ways, strict=True)
    return [
        float(np.mean([compare(_without_tune(song), _without_tune(way)).onset_f1 for way in own]))
        for song, own in pairs
    ]


def _lay_over(song: Song, others: Sequence[Song]) -> Song:
    """Return the song as the likest of others has it: of its meters as far as it goes, and its length."""
    tune = _onsets(song, 0)
    likest = max(
        ((other, shift) for other in others for shift in SHIFTS),
        key=lambda way: len(tune & _onsets(way[0], way[1])),
    )
    notes = likest[0].notes.copy()
    notes["pitch"] += likest[1]
    notes = notes[(notes["start"] < song.steps) & (notes["pitch"] >= 0) & (notes["pitch"] < 128)]
    notes["length"] = np.minimum(notes["length"], song.steps - notes["start"])
    return replace(song, notes=notes)


def _onsets(song: Song, shift: int) -> set[int]:
    """Return the onsets of a song's tune, each with its pitch moved by a shift, as one number."""
    tune = song.notes[song.notes["part"] == TUNE]
    return set((tune["start"].astype(np.int64) * 256 + tune["pitch"] + shift).tolist())


def _without_tune(song: Song) -> Song:
    return replace(song, notes=song.notes[song.notes["part"] != TUNE])
