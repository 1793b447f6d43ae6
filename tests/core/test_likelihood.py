from __future__ import annotations

import pytest
import torch
from torch import distributions

from musicvae.core.likelihood import Bernoulli, Gaussian, Likelihood

MANY = 20_000


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


OUTPUT = torch.randn(3, 4, 5, generator=seeded())  # (B, 2 * C, W) for means and log-variances
X = torch.randn(3, 2, 5, generator=seeded())


def test_bernoulli_is_that_of_torch_summed_over_cells() -> None:
    x = (OUTPUT > 0.3).float()
    expected = distributions.Bernoulli(logits=OUTPUT).log_prob(x).flatten(1).sum(1)
    torch.testing.assert_close(Bernoulli().log_prob(OUTPUT, x), expected)


def test_gaussian_with_its_own_spread_is_that_of_torch() -> None:
    mean, log_var = OUTPUT.chunk(2, dim=1)
    expected = distributions.Normal(mean, (0.5 * log_var).exp()).log_prob(X).flatten(1).sum(1)
    torch.testing.assert_close(Gaussian().log_prob(OUTPUT, X), expected)


def test_gaussian_with_a_fixed_spread_is_that_of_torch() -> None:
    expected = distributions.Normal(OUTPUT[:, :2], 0.7).log_prob(X).flatten(1).sum(1)
    torch.testing.assert_close(Gaussian(0.7).log_prob(OUTPUT[:, :2], X), expected)


@pytest.mark.parametrize(
    ("likelihood", "spread"),
    [
        (Bernoulli(), (OUTPUT.sigmoid() * (1 - OUTPUT.sigmoid())).sqrt()),
        (Gaussian(), (0.5 * OUTPUT.chunk(2, dim=1)[1]).exp()),
        (Gaussian(0.7), torch.full_like(OUTPUT, 0.7)),
    ],
)
def test_draws_have_the_mean_and_the_spread_they_should(likelihood: Likelihood, spread: torch.Tensor) -> None:
    many = OUTPUT.repeat(MANY, 1, 1, 1)
    draws = likelihood.sample(many.flatten(0, 1), seeded()).unflatten(0, (MANY, 3))
    error = (draws.mean(0) - likelihood.mean(OUTPUT)) / spread
    assert error.abs().max() < 5 / MANY**0.5
    torch.testing.assert_close(draws.std(0), spread, rtol=0.05, atol=0.005)


@pytest.mark.parametrize("likelihood", [Bernoulli(), Gaussian(), Gaussian(0.7)])
def test_the_same_seed_draws_the_same_cells(likelihood: Likelihood) -> None:
    assert torch.equal(likelihood.sample(OUTPUT, seeded()), likelihood.sample(OUTPUT, seeded()))


def test_half_precision_output_is_weighed_in_full_precision() -> None:
    assert Bernoulli().log_prob(OUTPUT.bfloat16(), (OUTPUT > 0)).dtype == torch.float32
    assert Gaussian().log_prob(OUTPUT.bfloat16(), X).dtype == torch.float32


def test_a_spread_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        Gaussian(0.0)
