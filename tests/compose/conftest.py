"""Small models that have learned nothing, and so say much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.network.look_back import LookBack
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.writing import closest
from musicvae.midi.arranging.arrangements import ENSEMBLES

CONFIG = MeasureVAEConfig(
    ensemble="melody",
    parts=ENSEMBLES["melody"],
    steps_per_beat=4,
    meters=("2/4", "3/4"),
    meter_shares=(0.75, 0.25),
    steps=12,
    bpm=96.0,
    styles=("jigs", "reels"),
    latent=6,
    hidden=16,
    layers=2,
    reach=3,
    encoder_hidden=16,
    features=24,
)


def make_model(config: MeasureVAEConfig) -> MeasureVAE:
    torch.manual_seed(1)
    model = MeasureVAE(config)
    for part in model.modules():
        if isinstance(part, LookBack):  # which says nothing at first
            for weight in (part.out.weight, part.by_distance, part.nothing):
                torch.nn.init.normal_(weight, std=0.5)
    if isinstance(model.decoder, NoteDecoder):  # it is sure of what it says: rounding decides nothing
        for readout in (model.decoder.say_symbol, model.decoder.say_length, model.decoder.when.readout):
            readout.layers[-1].get_parameter("weight").data *= 10
        # And says a note or two at a row, where it would go on for a dozen: each of them takes time.
        model.decoder.say_symbol.layers[-1].get_parameter("bias").data[model.decoder.alphabet.end] += 5
        # But has several rows in a measure.
        model.decoder.when.readout.layers[-1].get_parameter("bias").data[-1] -= 3
        # Sketches that have learned nothing say that there is nothing.
        model.decoder.trust.data.zero_()
    else:  # nearly all cells are off at first, whatever the code
        model.decoder.network[-1].get_parameter("weight").data *= 30
    return model.eval().requires_grad_(False)


@pytest.fixture(autouse=True)
def few_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a measure only a few times: a model that has learned nothing never reads it as it is."""
    monkeypatch.setattr(closest, "READINGS", (3,))


@pytest.fixture(scope="session")
def make_small_model() -> Callable[..., MeasureVAE]:
    """Return what makes such models: of the config with changes."""
    return lambda **changes: make_model(replace(CONFIG, **changes))


@pytest.fixture(scope="session")
def model() -> MeasureVAE:
    """Return an untrained model of melodies in 2/4 and 3/4, whose decoder hears the song."""
    return make_model(CONFIG)


@pytest.fixture(scope="session")
def conv() -> MeasureVAE:
    """Return an untrained model of the same music, whose decoder says each measure by itself."""
    return make_model(replace(CONFIG, decoder="conv"))
