from __future__ import annotations

import pytest
import torch
from torch import distributions

from musicvae.core.likelihood import Bernoulli, ContinuousBernoulli, Gaussian, Likelihood
from musicvae.errors import SupportError

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
        (ContinuousBernoulli(), distributions.ContinuousBernoulli(logits=OUTPUT).stddev),
    ],
)
def test_draws_have_the_mean_and_the_spread_they_should(likelihood: Likelihood, spread: torch.Tensor) -> None:
    many = OUTPUT.repeat(MANY, 1, 1, 1)
    draws = likelihood.sample(many.flatten(0, 1), seeded()).unflatten(0, (MANY, 3))
    error = (draws.mean(0) - likelihood.mean(OUTPUT)) / spread
    assert error.abs().max() < 5 / MANY**0.5
    torch.testing.assert_close(draws.std(0), spread, rtol=0.05, atol=0.005)


@pytest.mark.parametrize("likelihood", [Bernoulli(), ContinuousBernoulli(), Gaussian(), Gaussian(0.7)])
def test_the_same_seed_draws_the_same_cells(likelihood: Likelihood) -> None:
    assert torch.equal(likelihood.sample(OUTPUT, seeded()), likelihood.sample(OUTPUT, seeded()))


def test_half_precision_output_is_weighed_in_full_precision() -> None:
    assert Bernoulli().log_prob(OUTPUT.bfloat16(), (OUTPUT > 0)).dtype == torch.float32
    assert Gaussian().log_prob(OUTPUT.bfloat16(), X).dtype == torch.float32


def test_a_spread_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        Gaussian(0.0)


# Logits far out and near 0, where the normaliser is a limit.
LOGITS = torch.tensor([-60.0, -4.0, -0.5, -0.06, -1e-3, 0.0, 1e-5, 0.04, 0.09, 0.11, 2.0, 30.0])
CELLS = torch.linspace(0, 1, 20_001, dtype=torch.float64)


def test_continuous_bernoulli_is_that_of_torch() -> None:
    logits = LOGITS[1:-1].double()  # torch's own, near 0, is a series that is good to 1e-5 in float32
    x = torch.linspace(0, 1, len(logits)).double()
    theirs = distributions.ContinuousBernoulli(logits=logits, lims=(0.4999, 0.5001))
    ours = ContinuousBernoulli().log_prob(logits[:, None], x[:, None])
    torch.testing.assert_close(ours, theirs.log_prob(x), check_dtype=False, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(
        ContinuousBernoulli().mean(logits), theirs.mean, check_dtype=False, atol=1e-5, rtol=1e-5
    )


@pytest.mark.parametrize("logit", LOGITS.tolist())
def test_the_density_of_a_continuous_bernoulli_integrates_to_1_and_has_its_mean(logit: float) -> None:
    output = torch.full((len(CELLS), 1), logit)
    density = ContinuousBernoulli().log_prob(output, CELLS[:, None]).double().exp()
    assert torch.trapezoid(density, CELLS).item() == pytest.approx(1, abs=2e-4)
    mean = torch.trapezoid(CELLS * density, CELLS).item()
    assert ContinuousBernoulli().mean(output)[0].item() == pytest.approx(mean, abs=2e-4)


def test_cross_entropy_alone_is_no_density() -> None:
    density = Bernoulli().log_prob(torch.full((len(CELLS), 1), 2.0), CELLS[:, None]).double().exp()
    assert torch.trapezoid(density, CELLS).item() < 0.6


def test_the_gradient_of_a_continuous_bernoulli_is_a_number_everywhere() -> None:
    logits = LOGITS.clone().requires_grad_()
    ContinuousBernoulli().log_prob(logits[:, None], torch.full_like(logits, 0.3)[:, None]).sum().backward()
    assert logits.grad is not None
    # d log p / d logit = x - mean, as of any exponential family
    torch.testing.assert_close(logits.grad, 0.3 - ContinuousBernoulli().mean(LOGITS), atol=1e-5, rtol=1e-4)


GREYS = torch.tensor([[0.0, 0.5, 1.0]])


@pytest.mark.parametrize(
    ("likelihood", "x"),
    [
        (Bernoulli(), torch.tensor([[0.0, 1.0]])),
        (ContinuousBernoulli(), GREYS),
        (Gaussian(), GREYS * 100 - 50),
    ],
)
def test_data_within_the_support_pass(likelihood: Likelihood, x: torch.Tensor) -> None:
    likelihood.check(x)


@pytest.mark.parametrize(
    ("likelihood", "x", "words"),
    [
        (Bernoulli(), GREYS, "cells that are 0 or 1, and got values from 0 to 1: binarise them first"),
        (Bernoulli(), 2 * GREYS - 1, "0 or 1, and got values from -1 to 1"),
        (ContinuousBernoulli(), 2 * GREYS - 1, r"needs values in \[0, 1\], and got values from -1 to 1"),
        (ContinuousBernoulli(), GREYS * torch.nan, "got values from nan"),
        (Gaussian(), GREYS / 0, "finite numbers"),
    ],
)
def test_data_outside_of_the_support_are_an_error_that_says_so(
    likelihood: Likelihood, x: torch.Tensor, words: str
) -> None:
    with pytest.raises(SupportError, match=words):
        likelihood.check(x)
