from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from accelerate import Accelerator

from musicvae.core.objective import KLWeight
from musicvae.core.training.train_config import TrainConfig
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import songs_to_store
from musicvae.measures.data.windows import WindowConfig
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.validation import Validation
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Song

FIT = TrainConfig(epochs=1, kl=KLWeight(0.05))


def validate(config: MeasureVAEConfig, songs: Sequence[Song], accelerator: Accelerator) -> Validation:
    chosen = np.arange(len(songs))
    return Validation(songs_to_store(songs), chosen, config, WindowConfig(measures=2), FIT, accelerator)


def line(config: MeasureVAEConfig, length: int) -> Song:
    """Return four beats of a line whose notes have so many steps."""
    notes = make_notes((4 * beat, length, 60 + beat, 80, 0) for beat in range(4))
    return Song(notes, (Meter(2, 4),) * 2, config.parts, Grid(4))


def test_silence_is_what_no_learning_reaches(config: MeasureVAEConfig, accelerator: Accelerator) -> None:
    assert validate(config, [line(config, 2)], accelerator).silence == 0.5


def test_a_validation_scores_alike_each_time(
    config: MeasureVAEConfig, make_model: Callable[..., MeasureVAE], accelerator: Accelerator
) -> None:
    model, validation = make_model(), validate(config, [line(config, 4), line(config, 2)], accelerator)
    first, again = validation(model), validation(model)
    assert first == again
    rate = FIT.kl.beta * first.rate
    assert first.loss == pytest.approx(first.distortion + rate + first.figures["without_code"])
