"""What a model is worth on songs: how well it says them back, and how likely it finds them.

Codes are posterior means; decoding is greedy and free-running, so that an error is heard by what
follows. Notes and steps are counted over all songs together (see `midi.likeness.agreement`).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.compose.performance.reconstruct import say_back
from musicvae.core.active_units import count_active
from musicvae.measures.data.song_batch import group_by_length, songs_to_batch
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import device_of
from musicvae.measures.writing.scoring import Score, score_batch
from musicvae.midi.likeness.agreement import Agreement, compare
from musicvae.midi.songs.song import Song

STEPS_AT_ONCE = 16_384  # of a batch, padding included: it bounds the memory


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


class _Reading(NamedTuple):
    """What a model makes of some songs: how likely, and the codes of each, of shape (N, Z)."""

    score: Score
    codes: list[Tensor]


def evaluate(model: MeasureVAE, songs: Sequence[Song]) -> Evaluation:
    """Return how a model does on songs in its own grid and parts, one or more."""
    score, codes = _read(model, songs)
    copies = say_back(model, songs, codes)
    agreement = sum((compare(song, copy) for song, copy in zip(songs, copies, strict=True)), Agreement())
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
        active_units=count_active(torch.cat(codes)),
    )


@torch.inference_mode()
def _read(model: MeasureVAE, songs: Sequence[Song]) -> _Reading:
    """Encode the songs, in batches of like length, and score them."""
    score, codes = Score(), dict[int, Tensor]()
    for chosen in group_by_length([song.steps for song in songs], STEPS_AT_ONCE):
        some = [songs[index] for index in chosen]
        batch = songs_to_batch(some, model.config, device_of(model))
        coded = model.code(batch)
        score += score_batch(model, batch, coded)
        of_each = coded.code[batch.layout.exists].split([song.measures for song in some])
        codes.update(zip(chosen, of_each, strict=True))
    return _Reading(score, [codes[index] for index in range(len(songs))])
