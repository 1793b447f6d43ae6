from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, Normal

from musicvae.core import marginal
from musicvae.core.gaussian import DiagonalGaussian
from musicvae.core.marginal import log_marginal

# A linear-Gaussian model: z ~ N(0, I), x ~ N(W z, s^2 I), so x ~ N(0, W W^T + s^2 I).
WEIGHTS = torch.tensor([[1.0, 0.5], [0.0, -1.0], [0.7, 0.2]], dtype=torch.float64)
STD = 0.6
X = torch.tensor([[0.3, -1.0, 0.8], [2.0, 0.5, 1.0], [-1.5, 1.5, -1.0]], dtype=torch.float64)


def log_prob(x: Tensor, code: Tensor) -> Tensor:
    return Normal(code @ WEIGHTS.T, STD).log_prob(x).sum(-1)


def exact() -> Tensor:
    covariance = WEIGHTS @ WEIGHTS.T + STD**2 * torch.eye(3, dtype=torch.float64)
    return MultivariateNormal(torch.zeros(3, dtype=torch.float64), covariance).log_prob(X)


def posterior() -> DiagonalGaussian:
    """Return the true posterior's means, and variances that leave its correlations out."""
    precision = torch.eye(2, dtype=torch.float64) + WEIGHTS.T @ WEIGHTS / STD**2
    covariance = precision.inverse()
    return DiagonalGaussian(X @ WEIGHTS @ covariance / STD**2, covariance.diagonal().log().expand(3, 2))


def estimate(samples: int, seed: int = 0, off: float = 0.0) -> Tensor:
    """Return an estimate of log p(x) by a posterior whose means are off."""
    q = posterior()
    generator = torch.Generator().manual_seed(seed)
    return log_marginal(log_prob, q._replace(mean=q.mean + off), X, samples, generator)


def test_many_samples_find_the_exact_marginal_likelihood() -> None:
    torch.testing.assert_close(estimate(50_000), exact(), atol=0.01, rtol=0)


def test_few_samples_are_a_bound_that_rises_with_their_number() -> None:
    means = [torch.stack([estimate(k, seed, off=0.8) for seed in range(200)]).mean(0) for k in (1, 5, 50)]
    assert (means[0] < means[1]).all()
    assert (means[1] < means[2]).all()
    assert (means[2] < exact() + 0.01).all()


def test_one_sample_on_average_is_the_elbo() -> None:
    q = posterior()
    codes = q.mean + (0.5 * q.log_var).exp() * torch.randn(
        20_000, 3, 2, generator=torch.Generator().manual_seed(1)
    )
    elbo = log_prob(X, codes).mean(0) - q.kl().sum(-1)
    found = torch.stack([estimate(1, seed) for seed in range(600)]).mean(0)
    torch.testing.assert_close(found, elbo, atol=0.15, rtol=0)


def test_the_size_of_a_chunk_changes_nothing_but_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = estimate(40_000, seed=5)
    monkeypatch.setattr(marginal, "CHUNK", 7_000)
    torch.testing.assert_close(estimate(40_000), usual, atol=0.02, rtol=0)


def test_weights_too_small_for_floats_are_no_matter() -> None:
    far = log_marginal(lambda x, code: log_prob(x, code) - 5000, posterior(), X, 2000)
    torch.testing.assert_close(far + 5000, exact(), atol=0.1, rtol=0)


def test_no_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="one sample or more"):
        estimate(0)
