"""How likely data are under a VAE, all codes considered: log p(x), estimated by importance sampling.

The ELBO is below log p(x) by the distance of the posterior that the encoder says from the true one.
Weighed draws from the encoder's posterior come closer: with k of them

    log p(x) >= E log 1/k sum_i p(x | z_i) p(z_i) / q(z_i | x),    z_i from q(z | x)

(Burda et al. 2016, eq. 8), a bound that rises to log p(x) as k grows.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from musicvae.core.chance import standard_normal
from musicvae.core.gaussian import DiagonalGaussian

CHUNK = 2048  # rows decoded at once


@torch.inference_mode()
def log_marginal(
    log_prob: Callable[[Tensor, Tensor], Tensor],
    posterior: DiagonalGaussian,
    x: Tensor,
    samples: int,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Return an estimate of log p(x) in nats, shape (B,), float64.

    Parameters
    ----------
    log_prob : callable
        A decoder's: of x (rows, ...) and codes (rows, Z), log p(x | z) of each row.
    posterior : DiagonalGaussian
        q(z | x) of each x, shape (B, Z).
    x : Tensor, shape (B, ...)
    samples : int
        Codes drawn for each x, k.
    generator : torch.Generator, optional

    Raises
    ------
    ValueError
        If no sample is asked for.
    """
    if samples < 1:
        raise ValueError(f"an estimate needs one sample or more, got {samples}")
    many = max(1, CHUNK // max(1, len(x)))
    total = torch.full((len(x),), -math.inf, dtype=torch.float64, device=x.device)
    for begin in range(0, samples, many):
        count = min(many, samples - begin)
        weights = _log_weights(log_prob, posterior, x, count, generator)
        total = torch.logaddexp(total, weights.double().logsumexp(0))
    return total - math.log(samples)


def _log_weights(
    log_prob: Callable[[Tensor, Tensor], Tensor],
    posterior: DiagonalGaussian,
    x: Tensor,
    count: int,
    generator: torch.Generator | None,
) -> Tensor:
    """Return log p(x | z) p(z) / q(z | x) of some draws of z for each x, shape (count, B)."""
    mean, log_var = posterior
    noise = standard_normal((count, *mean.shape), generator, mean)
    code = mean + (0.5 * log_var).exp() * noise
    # The constants of both Gaussians are the same.
    log_ratio = 0.5 * (noise.double() ** 2 - code.double() ** 2 + log_var.double()).sum(-1)
    rows = x.expand(count, *x.shape).flatten(0, 1)
    return log_prob(rows, code.flatten(0, 1)).double().unflatten(0, (count, len(x))) + log_ratio
