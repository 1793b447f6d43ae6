from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from musicvae.core.bottleneck import GaussianBottleneck, PointBottleneck
from musicvae.core.corruption import keep
from musicvae.errors import SupportError
from musicvae.images.data.batches import to_floats
from musicvae.images.data.config import PictureConfig
from musicvae.images.model import PictureAutoencoder, make_corruption

Draw = Callable[..., np.ndarray]
VAE = PictureConfig("vae", 12, latent=3, width=4, likelihood="logistic")
DAE = PictureConfig("dae", 12, latent=3, width=4, std=0.1, noise=0.3)
CONFIGS = [
    VAE,
    DAE,
    PictureConfig("ae", 12, latent=3, width=4, likelihood="continuous"),
    PictureConfig("vae", 12, latent=3, width=4, likelihood="bernoulli", binarise="dynamic"),
    PictureConfig("vae", 12, channels=3, latent=3, width=4, network="dense"),
]


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_kind_chooses_the_bottleneck_and_the_corruption() -> None:
    vae, dae = PictureAutoencoder(VAE), PictureAutoencoder(DAE)
    assert isinstance(vae.bottleneck, GaussianBottleneck)
    assert vae.corruption is keep
    assert isinstance(dae.bottleneck, PointBottleneck)
    assert dae.corruption is not keep


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: f"{config.autoencoder}-{config.likelihood}")
def test_pictures_become_codes_and_codes_pictures_between_0_and_1(config: PictureConfig, discs: Draw) -> None:
    torch.manual_seed(0)
    model = PictureAutoencoder(config).eval()
    x = model.observe(to_floats(discs(4, 12, config.channels)), seeded())
    code = model.encode(x)
    assert code.shape == (4, 3)
    for pictures in (model.decode(code), model.sample(code, seeded())):
        assert pictures.shape == x.shape
    for pictures in (model.decode(5 * code), model.sample(5 * code, seeded())):
        assert 0 <= pictures.min() <= pictures.max() <= 1
    assert torch.equal(model.sample(code, seeded(1)), model.sample(code, seeded(1)))
    assert model(x, generator=seeded()).total.isfinite()


def test_a_vae_learns_discs_at_a_rate(discs: Draw) -> None:
    torch.manual_seed(0)
    model, x = PictureAutoencoder(VAE), to_floats(discs(32))
    optimizer, generator = torch.optim.Adam(model.parameters(), 5e-3), seeded()
    losses = []
    for _ in range(60):
        loss = model(x, generator=generator)
        losses.append(loss.total.item())
        optimizer.zero_grad()
        loss.total.backward()
        optimizer.step()
    assert losses[-1] < 0.7 * losses[0]
    assert loss.rate > 1


def test_pictures_that_the_likelihood_cannot_give_a_probability_are_refused(discs: Draw) -> None:
    grey = to_floats(discs(2)) * 2 - 1
    for config in CONFIGS[:1] + CONFIGS[2:4]:
        with pytest.raises(SupportError):
            PictureAutoencoder(config)(grey)


def test_noise_is_clipped_and_drops_come_after_it() -> None:
    x = torch.full((50, 1, 10, 10), 0.5)
    noisy = make_corruption(0.5, 0.0)(x, seeded())
    assert (noisy.min().item(), noisy.max().item()) == (0, 1)
    dropped = make_corruption(0.1, 0.4)(x, seeded()) == 0
    assert dropped.float().mean() == pytest.approx(0.4, abs=0.02)
    assert make_corruption(0.0, 0.0)(x, seeded()) is x


def test_only_a_bernoulli_binarises(discs: Draw) -> None:
    x = to_floats(discs(2))
    assert PictureAutoencoder(VAE).observe(x) is x
    hard = replace(VAE, likelihood="bernoulli", binarise="threshold")
    assert set(PictureAutoencoder(hard).observe(x).unique().tolist()) == {0, 1}
