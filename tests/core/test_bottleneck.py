from __future__ import annotations

import pytest
import torch

from musicvae.core.bottleneck import FIRST_LOG_VAR, GaussianBottleneck, PointBottleneck, make_bottleneck
from musicvae.core.objective import AutoencoderKind

FEATURES = torch.randn(4, 3, 5, generator=torch.Generator().manual_seed(0))


def test_a_point_costs_nothing_and_is_its_own_center() -> None:
    bottleneck = PointBottleneck(5, 2)
    code, kl = bottleneck(FEATURES)
    assert code.shape == kl.shape == (4, 3, 2)
    assert kl.abs().max() == 0
    assert torch.equal(code, bottleneck.encode(FEATURES).code)


def test_a_gaussian_code_is_drawn_around_its_center() -> None:
    bottleneck = GaussianBottleneck(5, 2)
    codes = bottleneck(FEATURES.expand(4000, 4, 3, 5), torch.Generator().manual_seed(0)).code
    assert codes.shape == (4000, 4, 3, 2)
    std = (0.5 * bottleneck.posterior(FEATURES).log_var).exp()
    assert ((codes.mean(0) - bottleneck.encode(FEATURES).code).abs() < 0.1 * std).all()
    torch.testing.assert_close(codes.std(0), std, rtol=0.1, atol=0)


def test_a_gaussian_code_costs_its_distance_from_the_prior() -> None:
    bottleneck = GaussianBottleneck(5, 2)
    torch.testing.assert_close(bottleneck(FEATURES).kl, bottleneck.posterior(FEATURES).kl())


def test_codes_begin_nearly_as_points() -> None:
    log_var = GaussianBottleneck(5, 2).posterior(torch.zeros(1, 5)).log_var
    assert (log_var == FIRST_LOG_VAR).all()


def test_wild_features_give_a_finite_kl() -> None:
    coded = GaussianBottleneck(5, 2)(1e6 * FEATURES)
    assert coded.kl.isfinite().all()
    assert coded.code.isfinite().all()


def test_the_posterior_is_in_full_precision_within_half_precision() -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        posterior = GaussianBottleneck(5, 2).posterior(FEATURES)
    assert posterior.mean.dtype == posterior.log_var.dtype == torch.float32


@pytest.mark.parametrize(("kind", "costs"), [("ae", False), ("dae", False), ("vae", True)])
def test_codes_cost_something_in_a_vae_alone(kind: AutoencoderKind, costs: bool) -> None:
    coded = make_bottleneck(kind, features=6, latent=3)(torch.ones(2, 6))
    assert coded.code.shape == coded.kl.shape == (2, 3)
    assert bool(coded.kl.any()) is costs


def test_a_kind_that_there_is_not_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="ae, dae, vae"):
        make_bottleneck("gan", 6, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["ae", "vae"])
@pytest.mark.parametrize("latent", [2, 7])
def test_codes_may_begin_as_the_first_features(kind: AutoencoderKind, latent: int) -> None:
    bottleneck = make_bottleneck(kind, 5, latent)
    bottleneck.begin_as_features()
    code = bottleneck.encode(FEATURES).code
    torch.testing.assert_close(code[..., :5], FEATURES[..., :latent])
    assert bool((code[..., 5:] != 0).all())
