from __future__ import annotations

import numpy as np
import pytest
import torch

from musicvae.core.objective import AutoencoderKind
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import songs_to_store
from musicvae.measures.data.windows import WindowBatches, WindowConfig
from musicvae.measures.first_codes import begin_codes
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.rolls.unrolled_code import unroll
from musicvae.measures.sketch_first import single_measures
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song


def make_config(kind: AutoencoderKind = "vae", per_beat: int = 4, latent: int = 6) -> MeasureVAEConfig:
    return MeasureVAEConfig(
        ensemble="melody",
        parts=ENSEMBLES["melody"],
        steps_per_beat=per_beat,
        meters=("3/4", "2/4"),
        meter_shares=(0.5, 0.5),
        steps=3 * per_beat,
        autoencoder=kind,
        latent=latent,
        encoder_hidden=16,
        features=24,
    )


def draw_batches(pitches: int, config: MeasureVAEConfig) -> WindowBatches:
    """Return single measures, half of 3/4 and half of 2/4, whose notes are drawn from so many pitches."""
    drawn, beat = np.random.default_rng(0).integers(60, 60 + pitches, 5 * 64).tolist(), config.steps_per_beat
    notes = make_notes((beat * place, beat, pitch, 80, 0) for place, pitch in enumerate(drawn))
    song = Song(notes, (Meter(3, 4), Meter(2, 4)) * 64, config.parts, config.grid)
    windows = WindowConfig(rows=16, steps=64, transpose=False)
    return single_measures(songs_to_store([song]), np.array([0]), config, windows)


def make_models(config: MeasureVAEConfig, batches: WindowBatches) -> tuple[MeasureVAE, MeasureVAE]:
    """Return the same model twice: as it is drawn, and with codes that have begun."""
    torch.manual_seed(0)
    drawn, begun = MeasureVAE(config).eval(), MeasureVAE(config).eval()
    begun.load_state_dict(drawn.state_dict())
    assert isinstance(begun.decoder, NoteDecoder)
    begin_codes(begun.encoder, begun.one_bottleneck, begun.decoder.code.spread, batches)
    return drawn, begun


@torch.no_grad()
def lost(model: MeasureVAE, batches: WindowBatches) -> float:
    """Return the share of what measures differ by, as they are read, that unrolled codes leave out."""
    assert isinstance(model.decoder, NoteDecoder)
    batch = next(batch for batch in map(batches.at, range(9)) if batch.layout.measure_steps.max() == 12)
    read = model.encoder.read_slices(batch)
    said = unroll(model.decoder.code.spread, model.encode(batch), read.shape[1])
    read = read / read.std()
    return float((read - said).square().sum() / (read - read.mean(0)).square().sum())


@pytest.mark.parametrize("kind", ["vae", "ae", "dae"])
def test_codes_begin_with_what_measures_differ_by_most(kind: AutoencoderKind) -> None:
    batches = draw_batches(2, config := make_config(kind))
    drawn, begun = make_models(config, batches)
    assert lost(begun, batches) < 0.5  # of which of two pitches is on each of three beats, and 2/4 or 3/4
    assert lost(drawn, batches) > 0.9


def test_codes_of_a_vae_begin_of_about_unit_size_on_a_fine_grid_too() -> None:
    batches = draw_batches(12, config := make_config(per_beat=24))
    _, begun = make_models(config, batches)
    assert 0.5 < float(begun.encode(batches.at(0)).detach().square().mean()) < 2


def test_measures_that_are_all_the_same_begin_as_any() -> None:
    batches = draw_batches(1, config := make_config())
    _, begun = make_models(config, batches)
    assert all(bool(weight.isfinite().all()) for weight in begun.state_dict().values())
    assert bool(begun(batches.at(0)).total.isfinite())


@pytest.mark.parametrize("kind", ["vae", "ae"])
def test_codes_with_more_numbers_than_features_can_all_be_learned(kind: AutoencoderKind) -> None:
    batches = draw_batches(12, config := make_config(kind, latent=30))
    _, begun = make_models(config, batches)
    assert isinstance(begun.decoder, NoteDecoder)
    sketcher = begun.sketcher()
    assert sketcher is not None
    sketcher.train()(batches.at(0)).total.backward()
    gradient = begun.decoder.code.spread.weight.grad
    assert gradient is not None
    assert bool((gradient.abs().amax(0) > 0).all())
