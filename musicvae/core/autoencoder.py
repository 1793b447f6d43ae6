"""An autoencoder of any tensor: an encoder, a decoder, and three independent choices.

================  ===================  ==========  =====================
kind              bottleneck           corruption  likelihood
================  ===================  ==========  =====================
AE                PointBottleneck      keep        any
DAE               PointBottleneck      noise       any
VAE               GaussianBottleneck   keep        any
================  ===================  ==========  =====================

An encoder maps x (B, ...) to features (B, F). A decoder answers two questions: `log_prob(x, code)`,
nats, shape (B,), and `sample(code, generator)`, an x for each code.
"""

from __future__ import annotations

from typing import Any, Generic, NamedTuple, TypeVar

import torch
from torch import Tensor, nn

from musicvae.core.bottleneck import Bottleneck, Coded
from musicvae.core.corruption import Corruption, keep
from musicvae.core.gaussian import DiagonalGaussian
from musicvae.core.likelihood import Likelihood
from musicvae.core.objective import Loss, Weights, negative_elbo

X = TypeVar("X")


class LikelihoodDecoder(nn.Module):
    """A network whose output parametrises a likelihood cell by cell."""

    def __init__(self, network: nn.Module, likelihood: Likelihood) -> None:
        super().__init__()
        self.network = network
        self.likelihood = likelihood

    def log_prob(self, x: Tensor, code: Tensor) -> Tensor:
        """Return log p(x | code) in nats, shape (B,).

        Raises
        ------
        SupportError
            If the likelihood can give x no probability.
        """
        self.likelihood.check(x)
        return self.likelihood.log_prob(self.network(code), x)

    def mean(self, code: Tensor) -> Tensor:
        """Return the expected x for each code."""
        return self.likelihood.mean(self.network(code))

    def sample(self, code: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Return a drawn x for each code."""
        return self.likelihood.sample(self.network(code), generator)


class Terms(NamedTuple):
    """The terms of a loss, nats: of what is said, shape (B,), and of each coordinate of its codes, (B, Z).

    `besides` is what else is learned of the codes, (B,): it counts in training alone.
    """

    distortion: Tensor
    kl: Tensor
    besides: Tensor | None = None


class Autoencoder(nn.Module, Generic[X]):
    """Squeeze x through a code and say it again.

    Parameters
    ----------
    encoder, decoder : nn.Module
        See the module's docstring.
    bottleneck : PointBottleneck or GaussianBottleneck
    corruption : callable
        Applied to x before it is encoded, in training only; the clean x is what must be said.
    """

    decoder: Any  # answers `log_prob` and `sample`
    config: Any  # a dataclass: what the model is made for and made of

    def __init__(
        self,
        encoder: nn.Module,
        bottleneck: Bottleneck,
        decoder: nn.Module,
        corruption: Corruption[X] = keep,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.bottleneck = bottleneck
        self.decoder = decoder
        self.corruption = corruption

    def forward(
        self,
        x: X,
        weights: Weights = Weights(),  # noqa: B008 (immutable)
        generator: torch.Generator | None = None,
    ) -> Loss:
        """Return the training loss of a batch (forward, so that wrappers for several devices see it)."""
        given = self.corruption(x, generator) if self.training else x
        coded = self.bottleneck(self.encoder(given), generator)
        terms = self.terms(x, coded, generator)
        loss = negative_elbo(terms.distortion, terms.kl, weights.kl, weights.free_bits)
        if terms.besides is None:
            return loss
        return loss._replace(total=loss.total + weights.besides * terms.besides.mean())

    def terms(self, x: X, coded: Coded, generator: torch.Generator | None = None) -> Terms:
        """Return what saying x by codes costs, and what these do."""
        return Terms(-self.decoder.log_prob(x, coded.code), coded.kl)

    def code(self, x: X) -> Coded:
        """Return the code of each x (for a VAE the posterior mean), and what it costs."""
        return self.bottleneck.encode(self.encoder(x))

    def encode(self, x: X) -> Tensor:
        """Return the code of each x, shape (B, Z)."""
        return self.code(x).code

    def posterior(self, x: X) -> DiagonalGaussian:
        """Return q(z | x) of each x."""
        return self.bottleneck.posterior(self.encoder(x))
