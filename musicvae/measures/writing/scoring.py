"""How likely measures are under the model, with their codes and without: exact, in nats."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.core.bottleneck import Coded
from musicvae.core.corruption import Corruption, keep
from musicvae.core.training.kl_rise import Worth
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.noisy_codes import NoisyCodes, absent, exact
from musicvae.measures.network.model import MeasureVAE, require_hearing
from musicvae.measures.writing.song_parts import SongPart, parts_to_batch, song_to_part
from musicvae.midi.songs.song import Song

AT_ONCE = 4  # measures of each song: it bounds the memory


@dataclass(frozen=True)
class Score:
    """Sums over measures, nats; adding two scores adds the sums.

    Parameters
    ----------
    measures, steps : int
    distortion : float
        -log p(measure | its code, measures before), code = posterior mean.
    rate : float
        KL of the posterior from N(0, I); 0 for points.
    without_code : float
        -log p(measure | measures before); NaN where the decoder cannot do without codes.
    """

    measures: int = 0
    steps: int = 0
    distortion: float = 0.0
    rate: float = 0.0
    without_code: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(*(mine + yours for mine, yours in zip(astuple(self), astuple(other), strict=True)))


class SongsRead(NamedTuple):
    """What a model makes of some songs: how likely they are, and the codes of each, of shape (N, Z)."""

    score: Score
    codes: list[Tensor]


@torch.inference_mode()
def score_batches(
    model: MeasureVAE,
    batches: Iterable[MeasureBatch],
    corruption: Corruption[MeasureBatch] = keep,
    generator: torch.Generator | None = None,
) -> Score:
    """Return the score of some batches, which are encoded as the corruption leaves them."""
    coded = ((batch, model.code(corruption(batch, generator))) for batch in batches)
    return sum((score_batch(model, *pair) for pair in coded), Score())


@torch.inference_mode()
def weigh_codes(model: MeasureVAE, batch: MeasureBatch) -> Worth:
    """Return what a batch costs with its codes and without, nats a measure."""
    score = score_batch(model, batch, model.code(batch))
    return Worth(score.distortion / score.measures, score.without_code / score.measures)


@torch.inference_mode()
def score_batch(model: MeasureVAE, batch: MeasureBatch, coded: Coded) -> Score:
    """Return the score of a batch, given the codes of its measures, shape (B * N, Z)."""
    score, without = _score_given(batch, coded, model.decoder.log_prob(batch, exact(coded.code))), math.nan
    if model.decoder.hears_song:
        without = _add_up(batch, model.decoder.log_prob(batch, absent(coded.code)))
    return replace(score, without_code=without)


@torch.inference_mode()
def read_songs(model: MeasureVAE, songs: Sequence[Song]) -> SongsRead:
    """Return how likely some songs are, in the model's grid and parts, and the codes of each, (N, Z).

    They are heard side by side, a few measures at once: what that takes does not grow with their length.
    """
    parts = [song_to_part(song, model) for song in songs]
    score, codes, hearing = Score(), [list[Tensor]() for _ in songs], _Hearing(model, len(songs))
    for going, batch in _measures_at_once(parts, model):
        coded = model.code(batch)
        score += _score_given(batch, coded, hearing.hear(going, batch, exact(coded.code)))
        counts = batch.layout.exists.view(len(going), -1).sum(1).tolist()
        for song, own in zip(going, coded.code[batch.layout.exists].split(counts), strict=True):
            codes[song].append(own)
    without = math.nan
    if model.decoder.hears_song:
        without, hearing = 0.0, _Hearing(model, len(songs))  # the other's memory is free by now
        for going, batch in _measures_at_once(parts, model):
            nothing = torch.zeros(len(batch.layout.exists), model.config.code_size, device=hearing.device)
            without += _add_up(batch, hearing.hear(going, batch, absent(nothing)))
    return SongsRead(replace(score, without_code=without), [torch.cat(own) for own in codes])


def _measures_at_once(
    parts: Sequence[SongPart], model: MeasureVAE
) -> Iterator[tuple[list[int], MeasureBatch]]:
    """Yield the next few measures of all songs that have any, and which songs these are."""
    for first in range(0, max(part.measures for part in parts), AT_ONCE):
        going = [song for song, part in enumerate(parts) if part.measures > first]
        yield going, parts_to_batch([parts[song].cut(first, first + AT_ONCE) for song in going], model)


class _Hearing:
    """Songs as they are heard by a model's decoder, some measures at once."""

    def __init__(self, model: MeasureVAE, songs: int) -> None:
        self.model, self.memory, self.songs = model, model.decoder.blank(songs), list(range(songs))

    @property
    def device(self) -> torch.device:
        return self.memory.measures.device

    def hear(self, going: list[int], batch: MeasureBatch, noisy: NoisyCodes) -> Tensor:
        """Return how likely the next measures are of the songs that go on: the others have ended."""
        if not self.model.decoder.hears_song:
            return self.model.decoder.log_prob(batch, noisy)
        if going != self.songs:
            rows = torch.tensor([self.songs.index(song) for song in going], device=self.device)
            self.memory, self.songs = self.memory.select(rows), going
        log_prob, memory = require_hearing(self.model).hear(batch, noisy, self.memory)
        self.memory = memory.trim(self.model.config.reach)
        return log_prob


def _score_given(batch: MeasureBatch, coded: Coded, log_prob: Tensor) -> Score:
    """Return the score of a batch but for what it is without codes, given how likely it is with them."""
    exists = batch.layout.exists
    return Score(
        measures=int(exists.sum()),
        steps=int(batch.layout.measure_steps.sum()),
        distortion=_add_up(batch, log_prob),
        rate=float(coded.kl[exists].sum()),
    )


def _add_up(batch: MeasureBatch, log_prob: Tensor) -> float:
    """Return the nats of all measures that there are."""
    return -float(log_prob[batch.layout.exists].sum())
