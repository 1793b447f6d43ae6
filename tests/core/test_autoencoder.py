from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from musicvae.core.autoencoder import Autoencoder, LikelihoodDecoder
from musicvae.core.bottleneck import GaussianBottleneck, PointBottleneck
from musicvae.core.corruption import Corruption, dropped_cells, gaussian_noise, keep
from musicvae.core.likelihood import Bernoulli, Gaussian
from musicvae.core.objective import Weights

CELLS, FEATURES, LATENT = 12, 32, 4
PICTURES = (torch.rand(8, CELLS, generator=torch.Generator().manual_seed(1)) < 0.5).float()


def make(
    bottleneck: type[PointBottleneck] | type[GaussianBottleneck], corruption: Corruption[Tensor] = keep
) -> Autoencoder[Tensor]:
    torch.manual_seed(0)
    encoder = nn.Sequential(nn.Linear(CELLS, FEATURES), nn.GELU())
    network = nn.Sequential(nn.Linear(LATENT, FEATURES), nn.GELU(), nn.Linear(FEATURES, CELLS))
    decoder = LikelihoodDecoder(network, Bernoulli())
    return Autoencoder(encoder, bottleneck(FEATURES, LATENT), decoder, corruption)


AE = (PointBottleneck, keep)
DAE = (PointBottleneck, dropped_cells(0.1))
VAE = (GaussianBottleneck, keep)


@pytest.mark.parametrize("choices", [AE, DAE, VAE], ids=["AE", "DAE", "VAE"])
def test_each_kind_learns_one_batch_by_heart(
    choices: tuple[type[PointBottleneck] | type[GaussianBottleneck], Corruption[Tensor]],
) -> None:
    model = make(*choices)
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    generator = torch.Generator().manual_seed(0)
    for _ in range(300):
        optimizer.zero_grad()
        model(PICTURES, Weights(0.01), generator=generator).total.backward()
        optimizer.step()
    assert torch.equal(model.decoder.mean(model.encode(PICTURES)).round(), PICTURES)


def test_only_a_vae_pays_for_its_codes() -> None:
    assert make(*AE)(PICTURES).rate == 0
    assert make(*VAE)(PICTURES).rate > 0


def test_the_input_is_corrupted_and_the_clean_one_must_be_said() -> None:
    def lose_everything(x: Tensor, generator: torch.Generator | None) -> Tensor:
        return torch.zeros_like(x)

    model, clean = make(PointBottleneck, lose_everything), make(PointBottleneck)
    blind = clean.decoder.log_prob(PICTURES, clean.encode(torch.zeros_like(PICTURES)))
    torch.testing.assert_close(model(PICTURES).distortion, -blind.mean())


def test_codes_are_those_of_the_clean_input() -> None:
    noisy, clean = make(PointBottleneck, gaussian_noise(5.0)), make(PointBottleneck)
    assert torch.equal(noisy.encode(PICTURES), clean.encode(PICTURES))


def test_with_the_true_posterior_the_elbo_is_the_log_likelihood() -> None:
    # z ~ N(0, 1), x | z ~ N(z, 1/4): then z | x ~ N(4x/5, 1/5) and x ~ N(0, 5/4).
    bottleneck = GaussianBottleneck(1, 1)
    with torch.no_grad():
        bottleneck.to_gaussian.weight[:] = torch.tensor([[0.8], [0.0]])
        bottleneck.to_gaussian.bias[:] = torch.tensor([0.0, math.log(0.2)])
    decoder = LikelihoodDecoder(nn.Identity(), Gaussian(0.5))
    model: Autoencoder[Tensor] = Autoencoder(nn.Identity(), bottleneck, decoder)
    x = torch.full((100_000, 1), 1.3)
    loss = model(x, generator=torch.Generator().manual_seed(0))
    true = torch.distributions.Normal(0.0, math.sqrt(1.25)).log_prob(torch.tensor(1.3))
    assert -loss.total.item() == pytest.approx(true.item(), abs=0.01)
    assert loss.total.item() == pytest.approx((loss.distortion + loss.rate).item(), rel=1e-6)
