from __future__ import annotations

import pytest
import torch

from musicvae.core.bottleneck import GaussianBottleneck
from musicvae.core.sphere import SphereBottleneck, make_sized_bottleneck

POINTS = pytest.mark.parametrize("kind", ["ae", "dae"])


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
