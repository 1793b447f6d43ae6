"""The measure VAE: an autoencoder of measures whose decoder hears the song."""

from __future__ import annotations

import torch

from musicvae.core.autoencoder import Autoencoder
from musicvae.core.bottleneck import GaussianBottleneck
from musicvae.core.objective import Loss, negative_elbo
from musicvae.measures.batch import MeasureBatch
from musicvae.measures.config import MeasureVAEConfig
from musicvae.measures.encoder import MeasureEncoder
from musicvae.measures.hints import draw_freedom, exact, roughen
from musicvae.measures.note_decoder import NoteDecoder
from musicvae.measures.roll_decoder import RollDecoder


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
    """Measures <-> codes.

    Parameters
    ----------
    config : MeasureVAEConfig
    """

    bottleneck: GaussianBottleneck
    decoder: NoteDecoder | RollDecoder

    def __init__(self, config: MeasureVAEConfig) -> None:
        super().__init__(
            MeasureEncoder(config.alphabet, config.steps, config.encoder_hidden, config.features),
            GaussianBottleneck(config.features, config.latent),
            make_decoder(config),
        )
        self.config = config

    def forward(
        self,
        batch: MeasureBatch,
        weight: float = 1.0,
        free_bits: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> Loss:
        """Return the training loss, averaged over measures; rate is that of the codes that are given."""
        coded = self.bottleneck(self.encoder(batch), generator)
        hints = exact(coded.code)
        if self.decoder.hears_song:
            hints = roughen(coded.code, draw_freedom(batch.layout, generator), generator)
        log_prob = self.decoder.log_prob(batch, hints, generator)
        exists = batch.layout.exists
        return negative_elbo(-log_prob[exists], coded.kl[hints.given & exists], weight, free_bits)
