from __future__ import annotations

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from torch import nn

from musicvae.core.bottleneck import Coded
from musicvae.core.training.train_config import TrainConfig
from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import songs_to_store
from musicvae.measures.data.windows import WindowConfig
from musicvae.measures.rolls.drawing import draw_rolls
from musicvae.measures.rolls.sketch import Sketch, Sketched
from musicvae.measures.rolls.slices import cut_measures
from musicvae.measures.sketch_first import KL, SketchValidation, plan_sketch, single_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.pianoroll import ONSET, PLANES
from musicvae.midi.songs.song import Grid, Meter, Song

SURE = 20.0
RATE = 3.0


def test_the_sketch_is_learned_first_for_a_share_of_the_time() -> None:
    assert plan_sketch(TrainConfig(minutes=10)).end == pytest.approx(1 / 3)
    assert plan_sketch(TrainConfig(minutes=1)).end == pytest.approx(1 / 3)
    assert plan_sketch(TrainConfig(minutes=90)).end == pytest.approx(1 / 9)  # ten minutes


class Forgetful(nn.Module):
    """A sketcher that is sure of measures of the small config, but for the onsets of their first step."""

    def __init__(self, config: MeasureVAEConfig) -> None:
        super().__init__()
        self.config = config
        self.sketch = Sketch(config.alphabet, cut_measures(config))
        self.decoder = self
        self.batch: MeasureBatch | None = None

    def code(self, batch: MeasureBatch) -> Coded:
        self.batch = batch
        measures = len(batch.layout.measure_steps)
        return Coded(torch.zeros(measures, 2), torch.full((measures, 2), RATE / 2))

    def say(self, layout: Layout, code: torch.Tensor) -> Sketched:
        assert self.batch is not None
        steps = int(layout.measure_steps.max())
        cells = draw_rolls(self.batch, self.config.alphabet, steps).unflatten(-1, (PLANES, -1))
        cells[:, 0, ONSET] = 0
        return Sketched(SURE * (2 * cells - 1), None, 1)


def test_a_validation_tells_the_onsets_that_come_back_and_what_measures_cost(
    config: MeasureVAEConfig, accelerator: Accelerator
) -> None:
    notes = make_notes((4 * beat, 4, 60, 80, 0) for beat in range(6))
    song = Song(notes, (Meter(3, 4),) * 2, config.parts, Grid(4))
    plan = WindowConfig(transpose=False)
    unseen = single_measures(songs_to_store([song]), np.array([0]), config, plan)
    scores = SketchValidation(unseen, config, accelerator)(Forgetful(config))
    assert scores.figures["onset_f1"] == pytest.approx(2 * 4 / (4 + 6))  # four of six, and nothing else
    assert scores.rate == pytest.approx(RATE)
    assert scores.distortion == pytest.approx(SURE, abs=0.1)  # one cell of each measure
    assert scores.loss == pytest.approx(scores.distortion + KL.beta * RATE)
