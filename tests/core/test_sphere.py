from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from musicvae.core.bottleneck import GaussianBottleneck
from musicvae.core.sphere import POINT_STD, SphereBottleneck, make_sized_bottleneck
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

POINTS = pytest.mark.parametrize("kind", ["ae", "dae"])


def song(config: MeasureVAEConfig) -> Song:
    notes = make_notes((2 * n, 2, 50 + 5 * n, 80, 0) for n in range(12))
    return Song(notes, (Meter(2, 4),) * 3, config.parts, config.grid)


@POINTS
def test_points_have_the_size_that_draws_from_the_prior_have(kind: str) -> None:
    bottleneck = make_sized_bottleneck(kind, 24, 6)  # type: ignore[arg-type]
    assert isinstance(bottleneck, SphereBottleneck)
    coded = bottleneck(100 * torch.randn(50, 24))
    torch.testing.assert_close(coded.code.square().mean(1), torch.ones(50), atol=1e-4, rtol=0)
    assert not coded.kl.any()


def test_a_vae_has_gaussians() -> None:
    assert isinstance(make_sized_bottleneck("vae", 24, 1), GaussianBottleneck)


@POINTS
def test_a_sphere_of_one_dimension_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="two numbers or more"):
        make_sized_bottleneck(kind, 24, 1)  # type: ignore[arg-type]


@POINTS
def test_a_model_of_points_codes_for_nothing_and_reads_its_own_codes(
    config: MeasureVAEConfig, make_model: Callable[..., MeasureVAE], kind: str
) -> None:
    model, batch = make_model(autoencoder=kind), songs_to_batch([song(config)], config)
    coded = model.code(batch)
    assert not coded.kl.any()
    torch.testing.assert_close(coded.code, model.encode(batch))
    posterior = model.posterior(batch)
    torch.testing.assert_close(posterior.mean, coded.code)
    torch.testing.assert_close(posterior.log_var.exp().sqrt(), torch.full_like(coded.code, POINT_STD))


def test_only_a_dae_learns_from_wrong_notes(make_model: Callable[..., MeasureVAE]) -> None:
    with pytest.raises(ValueError, match="what a DAE learns from"):
        make_model(autoencoder="ae", corrupt=0.2)
