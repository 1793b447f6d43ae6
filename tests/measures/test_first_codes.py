from __future__ import annotations

import numpy as np
import pytest
import torch

from musicvae.core.bottleneck import AutoencoderKind
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import songs_to_store
from musicvae.measures.data.windows import WindowBatches, WindowConfig
from musicvae.measures.first_codes import begin_codes
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.rolls.sketch import unroll
from musicvae.midi.songs.ensembles import ENSEMBLES
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

LATENT = 6


def draw_batches(pitches: int, config: MeasureVAEConfig) -> WindowBatches:
    """Return single measures of 3/4 whose three notes are drawn from so many pitches."""
    random = np.random.default_rng(0)
    rows = [(4 * beat, 4, 60 + random.integers(pitches), 80, 0) for beat in range(3 * 64)]
    song = Song(make_notes(rows), (Meter(3, 4),) * 64, config.parts, config.grid)
    windows = WindowConfig(measures=1, rows=16, steps=64, transpose=False)._replace(alone=True)
    return WindowBatches(songs_to_store([song]), np.array([0]), config, windows, torch.device("cpu"))


def begin(kind: AutoencoderKind, pitches: int) -> tuple[MeasureVAE, WindowBatches]:
    """Return a model whose codes have begun with some measures, and those."""
    torch.manual_seed(0)
    config = MeasureVAEConfig(
        ensemble="melody",
        parts=ENSEMBLES["melody"],
        steps_per_beat=4,
        meters=("3/4",),
        meter_shares=(1.0,),
        steps=12,
        autoencoder=kind,
        latent=LATENT,
        encoder_hidden=16,
        features=24,
    )
    model, batches = MeasureVAE(config).eval(), draw_batches(pitches, config)
    assert isinstance(model.decoder, NoteDecoder)
    begin_codes(model.encoder, model.bottleneck, model.decoder.code.spread, batches)
    return model, batches


@torch.no_grad()
def lost(model: MeasureVAE, batches: WindowBatches) -> float:
    """Return the share of what measures differ by, as they are read, that unrolled codes leave out."""
    assert isinstance(model.decoder, NoteDecoder)
    batch = batches.at(0)
    read = model.encoder.read_slices(batch)
    said = unroll(model.decoder.code.spread, model.encode(batch), read.shape[1])
    read = read / read.std()
    return float((read - said).square().sum() / (read - read.mean(0)).square().sum())


def test_codes_begin_with_what_measures_differ_by_most() -> None:
    model, batches = begin("vae", pitches=2)
    assert lost(model, batches) < 0.3  # three choices, and their joint ones, in six numbers
    torch.manual_seed(0)
    assert lost(MeasureVAE(model.config).eval(), batches) > 0.9


@pytest.mark.parametrize("kind", ["vae", "ae", "dae"])
def test_codes_of_all_kinds_begin_of_about_unit_size(kind: AutoencoderKind) -> None:
    model, batches = begin(kind, pitches=12)
    codes = model.encode(batches.at(0)).detach()
    assert 0.5 < float(codes.square().mean()) < 2


def test_measures_that_are_all_the_same_begin_as_any() -> None:
    model, batches = begin("vae", pitches=1)
    assert all(bool(weight.isfinite().all()) for weight in model.state_dict().values())
    assert bool(model(batches.at(0)).total.isfinite())
