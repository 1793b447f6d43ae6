"""How a training looks at its model now and then: on songs that it does not see."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import torch
from torch import nn

from musicvae.core.categorical import GREEDY
from musicvae.core.training.devices import Accelerator
from musicvae.core.training.kl_rise import SPEAKS, Worth
from musicvae.core.training.report import Scores
from musicvae.core.training.train_config import TrainConfig
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import exact
from musicvae.measures.data.song_batch import outline_song
from musicvae.measures.data.store import MeasureStore, store_to_song
from musicvae.measures.data.windows import WindowBatches, WindowConfig
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_songs
from musicvae.measures.writing.scoring import score_batches
from musicvae.measures.writing.song_writing import decode_songs
from musicvae.midi.likeness.agreement import Agreement, compare
from musicvae.midi.songs.song import Song

BATCHES = 8  # of windows, at most
SONGS = 24  # openings of which are said back, at most
# Besides the loss and the terms of that.
FIGURES = ("without_code", "worth", "accuracy", "onset_f1", "note_f1", "silence")


class Validation:
    """Scores a model on songs that training does not see.

    The loss is that of training, with codes and without; the accuracy is the share of steps said
    back right by greedy, free-running decoding. A DAE's loss is of measures that go wrong as in training, the
    same way each time; what it says back is clean songs.

    Parameters
    ----------
    store : MeasureStore
    songs : np.ndarray of int
        Those that training does not see.
    config : MeasureVAEConfig
    plan : WindowConfig
        Of the training.
    fit : TrainConfig
        Of the training: the weight of its KL, and its seed.
    accelerator : Accelerator
    """

    def __init__(
        self,
        store: MeasureStore,
        songs: np.ndarray,
        config: MeasureVAEConfig,
        plan: WindowConfig,
        fit: TrainConfig,
        accelerator: Accelerator,
    ) -> None:
        whole = plan._replace(transpose=False, forget=1)
        self.batches = WindowBatches(store, songs, config, whole, accelerator.device).first(BATCHES)
        self.songs = [
            store_to_song(store, int(index), config.parts, config.grid).opening(plan.measures)
            for index in songs[:SONGS]
        ]
        self.silence = _share_of_silence(self.songs)
        self.beta = fit.kl.beta
        self.seed = fit.seed
        self.accelerator = accelerator

    def __call__(self, model: nn.Module) -> Scores:
        """Return the scores of a MeasureVAE."""
        model = cast(MeasureVAE, model)
        with self.accelerator.autocast():
            generator = torch.Generator().manual_seed(self.seed)
            score = score_batches(model, self.batches, model.corruption, generator)
        sums = (score.rate, score.distortion, score.without_code)
        rate, distortion, free = (nats / score.measures for nats in sums)
        worth = Worth(distortion, free)
        agreement = self._compare(model)
        loss = distortion + self.beta * rate + (0 if math.isnan(free) else free)
        f1 = (agreement.onset_f1, agreement.note_f1)
        figures = (free, worth.nats, agreement.step_accuracy, *f1, self.silence)
        by_name = dict(zip(FIGURES, figures, strict=True))
        return Scores(loss, rate, distortion, by_name, says_nothing=worth.share < SPEAKS)

    def _compare(self, model: MeasureVAE) -> Agreement:
        """Return how well songs come back from their codes, read greedily."""
        outlines = [outline_song(song) for song in self.songs]
        codes = [exact(own) for own in encode_songs(model, self.songs)]
        copies = decode_songs(model, outlines, codes, GREEDY)
        return sum((compare(a, b) for a, b in zip(self.songs, copies, strict=True)), Agreement())


def _share_of_silence(songs: Sequence[Song]) -> float:
    """Return the share of the steps that are right where no note is said: what no learning at all reaches."""
    silence = [replace(song, notes=song.notes[:0]) for song in songs]
    return sum((compare(a, b) for a, b in zip(songs, silence, strict=True)), Agreement()).step_accuracy
