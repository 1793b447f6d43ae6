from __future__ import annotations

import pytest
import torch

from musicvae.core.kinds import Kind, make_bottleneck


@pytest.mark.parametrize(("kind", "costs"), [("ae", False), ("dae", False), ("vae", True)])
def test_codes_cost_something_in_a_vae_alone(kind: Kind, costs: bool) -> None:
    coded = make_bottleneck(kind, features=6, latent=3)(torch.ones(2, 6))
    assert coded.code.shape == coded.kl.shape == (2, 3)
    assert bool(coded.kl.any()) is costs


def test_a_kind_that_there_is_not_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="ae, dae, vae"):
        make_bottleneck("gan", 6, 3)  # type: ignore[arg-type]
