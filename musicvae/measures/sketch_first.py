"""The first stage of a training: encoder, bottleneck and sketch alone, on single measures.

It is the lecture's autoencoder of piano rolls, and as cheap: the codes mean something before the decoder,
which costs many times as much, begins to learn, and so the decoder never learns to do without them.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, cast

import numpy as np
import torch
from torch import nn

from musicvae.core.autoencoder import Autoencoder
from musicvae.core.model_store.training_state import Session
from musicvae.core.objective import KLWeight
from musicvae.core.training.devices import Accelerator
from musicvae.core.training.fit import Hooks, Outcome, fit
from musicvae.core.training.report import Scores
from musicvae.core.training.train_config import TrainConfig
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import MeasureStore
from musicvae.measures.data.windows import WindowBatches, WindowConfig
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.rolls.drawing import draw_rolls
from musicvae.measures.rolls.sketch import find_log_prob
from musicvae.measures.rolls.slices import cut_measures
from musicvae.measures.validation import BATCHES
from musicvae.midi.songs.pianoroll import ONSET, PLANES

STAGE = "sketch"
LEARNING_RATE = 3e-3
KL = KLWeight(0.01, warmup=1.0)
SHARE = 1 / 3  # of a training of up to `SHORT` minutes; longer ones sketch longer by the square root
SHORT = 10.0


def plan_sketch(config: TrainConfig) -> TrainConfig:
    """Return how the sketch is learned in a training, as the first stage of it."""
    minutes = config.minutes or SHORT
    share = SHARE * math.sqrt(min(1.0, SHORT / minutes))
    return replace(config, learning_rate=LEARNING_RATE, kl=KL, end=share)


def learn_sketch(
    model: MeasureVAE,
    sketcher: Autoencoder[MeasureBatch],
    batches: tuple[WindowBatches, WindowBatches],
    config: TrainConfig,
    session: Session,
    state: dict[str, Any] | None,
) -> Outcome:
    """Train a model's sketch in place, and keep in the session's folder how to go on.

    Parameters
    ----------
    model : MeasureVAE
    sketcher : Autoencoder
        Of its parts.
    batches : pair of WindowBatches
        Single measures to learn from, and those to validate on.
    config : TrainConfig
    session : Session
    state : dict, optional
        What an earlier call kept, to go on from.
    """
    learned, unseen = batches
    hooks = Hooks(
        validate=SketchValidation(unseen, model.config, session.accelerator),
        on_report=lambda report: session.on_report(report._replace(stage=STAGE)),
        keep_best=lambda best: None,
        save=lambda kept: session.save({**kept, "stage": STAGE}, model, MUSIC_MODELS),
    )
    return fit(sketcher, learned, config, session.accelerator, hooks, state)


def single_measures(
    store: MeasureStore,
    songs: np.ndarray,
    config: MeasureVAEConfig,
    windows: WindowConfig,
    device: torch.device | str = "cpu",
    share: tuple[int, int] = (0, 1),
) -> WindowBatches:
    """Return the measures of some songs one by one, in batches of as many slices as windows have steps.

    Arguments are those of `WindowBatches`.
    """
    steps = windows.steps * cut_measures(config).size
    alone = windows._replace(measures=1, steps=steps, alone=True)
    return WindowBatches(store, songs, config, alone, device, share)


class SketchValidation:
    """How well the measures of songs that training does not see come back as sketches.

    The figure `onset_f1` is of cells in which notes begin, those likelier than not.
    """

    def __init__(self, unseen: WindowBatches, config: MeasureVAEConfig, accelerator: Accelerator) -> None:
        self.batches = unseen.first(BATCHES)
        self.alphabet = config.alphabet
        self.accelerator = accelerator

    @torch.inference_mode()
    def __call__(self, sketcher: nn.Module) -> Scores:
        """Return the scores of a sketcher."""
        sketcher = cast(Autoencoder[MeasureBatch], sketcher)
        rate = distortion = right = said = meant = measures = 0.0
        with self.accelerator.autocast():
            for batch in self.batches:
                coded = sketcher.code(batch)
                sketched = sketcher.decoder.say(batch.layout, coded.code)
                begins = sketched.onsets() > 0.5
                drawn = draw_rolls(batch, self.alphabet, begins.shape[1])
                rate += float(coded.kl.sum())
                distortion -= float(find_log_prob(batch, sketched, self.alphabet).sum())
                truly = drawn.unflatten(-1, (PLANES, -1))[:, :, ONSET] > 0
                right += int((begins & truly).sum())
                said += int(begins.sum())
                meant += int(truly.sum())
                measures += len(coded.code)
        loss = (distortion + KL.beta * rate) / measures
        f1 = 2 * right / max(1.0, said + meant)
        return Scores(loss, rate / measures, distortion / measures, {"onset_f1": f1})
