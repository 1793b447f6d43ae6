from __future__ import annotations

import torch
from torch.distributions import Normal, kl_divergence

from musicvae.core.gaussian import DiagonalGaussian

MEAN = torch.tensor([[0.0, 1.5], [-2.0, 0.3]])
LOG_VAR = torch.tensor([[0.0, -4.0], [1.0, 0.2]])
GAUSSIAN = DiagonalGaussian(MEAN, LOG_VAR)


def test_the_kl_is_that_of_torch_coordinate_by_coordinate() -> None:
    expected = kl_divergence(Normal(MEAN, (0.5 * LOG_VAR).exp()), Normal(0.0, 1.0))
    torch.testing.assert_close(GAUSSIAN.kl(), expected)


def test_the_prior_is_no_distance_from_itself() -> None:
    assert DiagonalGaussian(torch.zeros(3, 4), torch.zeros(3, 4)).kl().abs().max() == 0


def test_draws_have_the_mean_and_the_variance_they_should() -> None:
    many = DiagonalGaussian(*(x.expand(20_000, 2, 2) for x in GAUSSIAN))
    draws = many.sample(torch.Generator().manual_seed(0))
    torch.testing.assert_close(draws.mean(0), MEAN, atol=0.05, rtol=0)
    torch.testing.assert_close(draws.var(0).log(), LOG_VAR, atol=0.05, rtol=0)


def test_gradients_pass_through_a_draw_to_mean_and_variance() -> None:
    mean, log_var = MEAN.clone().requires_grad_(), LOG_VAR.clone().requires_grad_()
    draw = DiagonalGaussian(mean, log_var).sample(torch.Generator().manual_seed(0))
    to_mean, to_log_var = torch.autograd.grad(draw.sum(), (mean, log_var))
    torch.testing.assert_close(to_mean, torch.ones(2, 2))
    torch.testing.assert_close(to_log_var, 0.5 * (draw - mean).detach())


def test_the_same_seed_draws_the_same_numbers() -> None:
    first, again = (GAUSSIAN.sample(torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(first, again)


def test_the_kl_is_the_integral_that_it_stands_for() -> None:
    z = torch.linspace(-20, 20, 400_001, dtype=torch.float64)
    for mean, log_var, found in zip(MEAN.flatten(), LOG_VAR.flatten(), GAUSSIAN.kl().flatten(), strict=True):
        q = Normal(mean.double(), (0.5 * log_var).double().exp()).log_prob(z)
        expected = torch.trapezoid(q.exp() * (q - Normal(0.0, 1.0).log_prob(z)), z)
        torch.testing.assert_close(found.double(), expected, atol=1e-5, rtol=1e-5)
