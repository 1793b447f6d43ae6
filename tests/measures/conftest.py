"""A small config, models of it, songs drawn at random that fit it, and an accelerator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from hypothesis import strategies as st

from musicvae.measures.data.config import MeasureVAEConfig, SongKind
from musicvae.measures.network.look_back import LookBack
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.midi.songs.notes import DEFAULT_VELOCITY, make_notes, tidy_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

METERS = (Meter(2, 4), Meter(3, 4), Meter(6, 8), Meter(1, 8))
PARTS = (Part("melody"), Part("drums", is_drums=True))


@pytest.fixture(scope="session")
def config() -> MeasureVAEConfig:
    """Return the config of a small model of two parts, for measures of up to 3/4."""
    return MeasureVAEConfig(
        ensemble="band",
        parts=PARTS,
        steps_per_beat=4,
        meters=("2/4", "3/4", "1/8"),  # 6/8 is as long as 3/4, but was never heard
        meter_shares=(0.5, 0.25, 0.25),
        steps=12,
        styles=("jig", "reel"),
        kinds=(SongKind(style=2, meter=0, key=8, share=0.75), SongKind(style=0, meter=2, key=0, share=0.25)),
        latent=6,
        hidden=16,
        layers=2,
        reach=3,
        encoder_hidden=16,
        features=24,
    )


@pytest.fixture(scope="session")
def make_model(config: MeasureVAEConfig) -> Callable[..., MeasureVAE]:
    """Return what makes untrained models: of the small config with changes, the same each time."""

    def make(**changes: object) -> MeasureVAE:
        torch.manual_seed(0)
        model = MeasureVAE(replace(config, **changes))  # type: ignore[arg-type]
        for part in model.modules():
            if isinstance(part, LookBack):  # which says nothing at first
                for weight in (part.out.weight, part.by_distance, part.nothing):
                    torch.nn.init.normal_(weight, std=0.5)
        return model.eval().requires_grad_(False)

    return make


@pytest.fixture(scope="session")
def make_decoder(make_model: Callable[..., MeasureVAE]) -> Callable[..., NoteDecoder]:
    """Return what makes the decoders of such models."""

    def make(**changes: object) -> NoteDecoder:
        decoder = make_model(**changes).decoder
        assert isinstance(decoder, NoteDecoder)
        return decoder

    return make


@st.composite
def _songs(draw: st.DrawFn) -> Song:
    grid = Grid(4)
    meters = draw(st.lists(st.sampled_from(METERS), min_size=1, max_size=5))
    steps = sum(meter.steps(grid) for meter in meters)
    note = st.tuples(
        st.integers(0, steps - 1),
        st.integers(1, min(steps, 20)),
        st.sampled_from([0, 36, 60, 61, 127]),  # few, so that pitches are struck again and held
        st.just(DEFAULT_VELOCITY),
        st.integers(0, len(PARTS) - 1),
    )
    notes = make_notes(draw(st.lists(note, max_size=30)))
    notes["length"] = np.minimum(notes["length"], steps - notes["start"])
    return Song(tidy_notes(notes), tuple(meters), PARTS, grid)


@pytest.fixture(scope="session")
def songs_for_config() -> st.SearchStrategy[Song]:
    """Return songs in the config's grid and parts, of mixed meters, with held and repeated notes."""
    return _songs()


@pytest.fixture
def accelerator(forget_accelerators: None) -> Accelerator:
    """Return an accelerator on the CPU in full precision."""
    return Accelerator(cpu=True, mixed_precision="no")
