"""The measure VAE: an autoencoder of measures whose decoder hears the song."""

from __future__ import annotations

import torch
from torch import Tensor

from musicvae.core.autoencoder import Autoencoder
from musicvae.core.bottleneck import GaussianBottleneck
from musicvae.core.chance import uniform
from musicvae.core.objective import Loss, negative_elbo
from musicvae.measures.batch import Layout, MeasureBatch
from musicvae.measures.config import MeasureVAEConfig
from musicvae.measures.encoder import MeasureEncoder
from musicvae.measures.note_decoder import NoteDecoder
from musicvae.measures.note_network import Hints
from musicvae.measures.roll_decoder import RollDecoder


def withhold(layout: Layout, generator: torch.Generator | None = None) -> Tensor:
    """Return which measures keep their code in a step of training, bool, shape (B * N,).

    Half of the windows keep all, a quarter lose all, a quarter lose each with an even chance: one
    network learns to say measures back, to go on without codes, and every mixture.
    """
    device = layout.measure_steps.device
    kind = uniform((layout.windows, 1), generator, device)
    coin = uniform((layout.windows, layout.measures), generator, device)
    keep = (kind < 0.5) | ((kind < 0.75) & (coin < 0.5))
    return keep.flatten() & layout.exists


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
        meters = len(config.meters) + 1
        decoder = NoteDecoder(
            config.alphabet, config.steps, meters, config.latent, config.hidden, config.layers, config.dropout
        )
        decoder.hiding = config.hiding
        return decoder
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
        given = withhold(batch.layout, generator) if self.decoder.hears_song else batch.layout.exists
        log_prob = self.decoder.log_prob(batch, Hints(coded.code, given), generator)
        return negative_elbo(-log_prob[batch.layout.exists], coded.kl[given], weight, free_bits)
