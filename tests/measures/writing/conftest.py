"""An untrained model, songs for it, and when what it remembers of them is the same."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

TWO, THREE, EIGHTH = Meter(2, 4), Meter(3, 4), Meter(1, 8)


@pytest.fixture(scope="module")
def model(config: MeasureVAEConfig) -> MeasureVAE:
    """Return an untrained model."""
    torch.manual_seed(0)
    return MeasureVAE(config).eval()


@pytest.fixture(scope="module")
def short_songs(config: MeasureVAEConfig) -> list[Song]:
    """Return songs of three, one, four and two measures: a note on each beat, every other one held on."""

    def tune(meters: tuple[Meter, ...], *pitches: int) -> Song:
        rows = [(4 * beat, 3 + beat % 2, pitch, 80, 0) for beat, pitch in enumerate(pitches)]
        return Song(make_notes(rows), meters, config.parts, config.grid)

    return [
        tune((THREE, TWO, TWO), 60, 64, 67, 72, 71, 67, 65),
        tune((TWO,), 50, 52),
        tune((TWO,) * 4, 60, 62, 64, 65, 67, 69, 71, 72),
        tune((THREE,) * 2, 72, 71, 69, 67, 65, 64),
    ]


@pytest.fixture(scope="session")
def make_tune(config: MeasureVAEConfig) -> Callable[[tuple[Meter, ...], int], Song]:
    """Return what makes songs of a note of three steps on every second one, many of them across barlines."""

    def make(meters: tuple[Meter, ...], seed: int) -> Song:
        steps = sum(meter.steps(config.grid) for meter in meters)
        pitches = np.random.default_rng(seed).permutation(np.arange(50, 80))
        rows = [
            (start, min(3, steps - start), pitches[index % 30], 80, index % 2)
            for index, start in enumerate(range(0, steps, 2))
        ]
        return Song(make_notes(rows), meters, config.parts, config.grid)

    return make


@pytest.fixture(scope="module")
def songs(make_tune: Callable[[tuple[Meter, ...], int], Song]) -> list[Song]:
    """Return songs of six, six and four measures, which side by side are of other lengths."""
    meters = [(TWO, THREE, EIGHTH) * 2, (EIGHTH,) * 6, (THREE, THREE, TWO, THREE)]
    return [make_tune(each, seed) for seed, each in enumerate(meters)]


@pytest.fixture(scope="session")
def assert_same_memory() -> Callable[[Memory, Memory], None]:
    """Return what checks that two memories lead to the same: steps that nobody sees make no difference."""

    def check(one: Memory, other: Memory) -> None:
        torch.testing.assert_close((one.recurrent, one.heard), (other.recurrent, other.heard))
        assert torch.equal(one.ringing, other.ringing)
        assert torch.equal(one.measures, other.measures)
        for ours, theirs in zip(one.pasts, other.pasts, strict=True):
            for song, after in enumerate(one.measures.tolist()):
                mine, yours = (past.measure[song] > after - 2 for past in (ours, theirs))  # at a reach of 2
                torch.testing.assert_close(ours.key[song, :, mine], theirs.key[song, :, yours])
                torch.testing.assert_close(ours.value[song, :, mine], theirs.value[song, :, yours])

    return check
