"""The autoencoder of measures, whose decoder hears the song: a VAE, or an AE or DAE."""

from __future__ import annotations

import math

import torch

from musicvae.core.autoencoder import Autoencoder
from musicvae.core.bottleneck import Coded, GaussianBottleneck
from musicvae.core.gaussian import DiagonalGaussian
from musicvae.core.objective import Loss, negative_elbo
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import add_noise, draw_freedom, exact
from musicvae.measures.data.wrong_notes import wrong_notes
from musicvae.measures.network.encoder import MeasureEncoder
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.network.roll_decoder import RollDecoder
from musicvae.measures.network.sphere import SphereBottleneck, make_measure_bottleneck

POINT_STD = 0.1  # how far from its code a point is taken to read as another measure: these differ by 1 or so


def make_decoder(config: MeasureVAEConfig) -> NoteDecoder | RollDecoder:
    """Return the decoder that a config names, untrained.

    Raises
    ------
    ValueError
        If there is no decoder of that name.
    """
    if config.decoder == "conv":
        return RollDecoder(config.alphabet, config.steps, config.latent)
    if config.decoder == "recurrent":
        return NoteDecoder(config)
    raise ValueError(f"the decoder must be recurrent or conv, got {config.decoder!r}")


class MeasureVAE(Autoencoder[MeasureBatch]):
    """Measures <-> codes, of the kind that the config names.

    Parameters
    ----------
    config : MeasureVAEConfig
    """

    bottleneck: GaussianBottleneck | SphereBottleneck
    decoder: NoteDecoder | RollDecoder

    def __init__(self, config: MeasureVAEConfig) -> None:
        super().__init__(
            MeasureEncoder(config.alphabet, config.steps, config.encoder_hidden, config.features),
            make_measure_bottleneck(config.autoencoder, config.features, config.latent),
            make_decoder(config),
            wrong_notes(config.corrupt, config.alphabet),
        )
        self.config = config

    def forward(
        self,
        batch: MeasureBatch,
        weight: float = 1.0,
        free_bits: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> Loss:
        """Return the training loss, averaged over measures; rate is that of the codes that are given.

        What is encoded may be corrupted; what must be said is the batch as it is.
        """
        given = self.corruption(batch, generator) if self.training else batch
        coded = self.bottleneck(self.encoder(given), generator)
        noisy = exact(coded.code)
        if self.decoder.hears_song:
            noisy = add_noise(coded.code, draw_freedom(batch.layout, generator), generator)
        log_prob = self.decoder.log_prob(batch, noisy, generator)
        exists = batch.layout.exists
        return negative_elbo(-log_prob[exists], coded.kl[noisy.given & exists], weight, free_bits)

    def code(self, batch: MeasureBatch) -> Coded:
        """Return the code of each measure (for a VAE the posterior mean), and what it costs."""
        features = self.encoder(batch)
        if isinstance(self.bottleneck, SphereBottleneck):
            return self.bottleneck(features)
        posterior = self.bottleneck.posterior(features)
        return Coded(posterior.mean, posterior.kl())

    def posterior(self, batch: MeasureBatch) -> DiagonalGaussian:
        """Return q(z | x) of each measure; for points, which have none, a narrow Gaussian around them."""
        features = self.encoder(batch)
        if isinstance(self.bottleneck, GaussianBottleneck):
            return self.bottleneck.posterior(features)
        code = self.bottleneck.center(features)
        return DiagonalGaussian(code, torch.full_like(code, 2 * math.log(POINT_STD)))
