"""What a model is worth on songs: how well it says them back, and how likely it finds them.

Codes are posterior means; decoding is greedy and free-running, so that an error is heard by what
follows. Notes and steps are counted over all songs together (see `midi.likeness.agreement`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isnan
from typing import NamedTuple

import torch

from musicvae.compose.performance.reconstruct import say_back
from musicvae.core.active_units import CodeSpread
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.scoring import Score, read_songs
from musicvae.measures.writing.side_by_side import songs_at_once
from musicvae.measures.writing.song_writing import group_songs
from musicvae.midi.likeness.agreement import Agreement, compare
from musicvae.midi.songs.song import Song


class Evaluation(NamedTuple):
    """How a model does on some songs.

    `rate_nats`, `distortion_nats` and `without_code_nats` are means over measures;
    the last is None for a decoder that cannot do without codes.
    `elbo_nats_per_step` is -(rate + distortion) over all steps.
    """

    songs: int
    measures: int
    step_accuracy: float
    onset_f1: float
    note_f1: float
    rate_nats: float
    distortion_nats: float
    without_code_nats: float | None
    elbo_nats_per_step: float
    active_units: int


def evaluate(
    model: MeasureVAE,
    songs: Sequence[Song],
    exact: bool = False,
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
    on_copy: Callable[[int, Song], None] = lambda number, copy: None,
) -> Evaluation:
    """Return how a model does on songs, one or more, of which nothing is kept but counts.

    Parameters
    ----------
    model : MeasureVAE
    songs : sequence of Song
        In the model's grid and parts.
    exact : bool
        As in `compose.performance.reconstruct`.
    on_progress : callable
        As in `compose.performance.script.perform`.
    on_copy : callable
        Told the number of each song, and what came back of it: whoever wants that need not say it back again.
    """
    score, agreement, spread = Score(), Agreement(), CodeSpread()
    measures = [song.measures for song in songs]
    for chosen, on_measure in group_songs(measures, on_progress, songs_at_once(model)):
        some = [songs[index] for index in chosen]
        own_score, codes = read_songs(model, some)
        copies = say_back(model, some, codes, _of_group(on_measure), exact)
        score += own_score
        for number, song, copy in zip(chosen, some, copies, strict=True):
            agreement += compare(song, copy)
            on_copy(number, copy)
        spread.add(torch.cat(codes))
    return Evaluation(
        songs=len(songs),
        measures=score.measures,
        step_accuracy=agreement.step_accuracy,
        onset_f1=agreement.onset_f1,
        note_f1=agreement.note_f1,
        rate_nats=score.rate / score.measures,
        distortion_nats=score.distortion / score.measures,
        without_code_nats=None if isnan(score.without_code) else score.without_code / score.measures,
        elbo_nats_per_step=-(score.rate + score.distortion) / score.steps,
        active_units=spread.count_active(),
    )


def _of_group(on_measure: Callable[[int], None]) -> Callable[[int, int], None]:
    """Return what a group tells its progress: of how many measures is known."""
    return lambda measures, of: on_measure(measures)
