"""A small model that has learned nothing, and so says much."""

from __future__ import annotations

import pytest
import torch

from musicvae.measures.config import MeasureVAEConfig
from musicvae.measures.model import MeasureVAE
from musicvae.midi.parts import ENSEMBLES


@pytest.fixture(scope="session")
def model() -> MeasureVAE:
    """Return an untrained model of melodies in 2/4 and 3/4."""
    torch.manual_seed(0)
    config = MeasureVAEConfig(
        ensemble="melody",
        parts=ENSEMBLES["melody"],
        steps_per_beat=4,
        meters=("2/4", "3/4"),
        meter_shares=(0.75, 0.25),
        steps=12,
        bpm=96.0,
        latent=6,
        hidden=16,
        layers=2,
        encoder_hidden=16,
        features=24,
    )
    return MeasureVAE(config).eval().requires_grad_(False)
