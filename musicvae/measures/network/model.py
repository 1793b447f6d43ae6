"""The autoencoder of measures, whose decoder hears the song: a VAE, or an AE or DAE."""

from __future__ import annotations

import torch
from torch import Tensor

from musicvae.core.autoencoder import Autoencoder, Terms
from musicvae.core.bottleneck import Coded, OneBottleneck
from musicvae.core.sphere import make_sized_bottleneck
from musicvae.errors import ModelError
from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import add_noise, draw_freedom, exact
from musicvae.measures.data.wrong_notes import wrong_notes
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.network.roll_decoder import RollDecoder
from musicvae.measures.rolls.encoder import MeasureEncoder
from musicvae.measures.rolls.seat_codes import SeatBottleneck, SeatEncoder
from musicvae.measures.rolls.sketch import SketchDecoder, cells_to_rolls
from musicvae.measures.rolls.slices import cut_measures


def make_decoder(config: MeasureVAEConfig) -> NoteDecoder | RollDecoder:
    """Return the decoder that a config names, untrained.

    Raises
    ------
    ValueError
        If there is no decoder of that name.
    """
    if config.decoder == "conv":
        return RollDecoder(config.alphabet, config.steps, config.code_size)
    if config.decoder == "recurrent":
        return NoteDecoder(config)
    raise ValueError(f"the decoder must be recurrent or conv, got {config.decoder!r}")


class MeasureVAE(Autoencoder[MeasureBatch]):
    """Measures <-> codes, of the kind that the config names.

    A decoder that hears the song goes by the measures before as well, and so writes one at a time; it can do
    without codes, and say how likely songs are (`require_hearing`). One that does not writes each by itself.

    Parameters
    ----------
    config : MeasureVAEConfig
    """

    encoder: MeasureEncoder
    decoder: NoteDecoder | RollDecoder
    bottleneck: SeatBottleneck | OneBottleneck

    def __init__(self, config: MeasureVAEConfig) -> None:
        # In this order: what a seed draws depends on it.
        encode = SeatEncoder if config.has_bands else MeasureEncoder
        encoder = encode(config.alphabet, cut_measures(config), config.encoder_hidden, config.features)
        bottleneck = make_sized_bottleneck(config.autoencoder, config.features, config.latent)
        super().__init__(
            encoder,
            SeatBottleneck(bottleneck) if config.has_bands else bottleneck,
            make_decoder(config),
            wrong_notes(config.corrupt, config.alphabet, config.grid.sixteenth),
        )
        self.config = config

    @property
    def one_bottleneck(self) -> OneBottleneck:
        """What makes one code: that of a measure, or of what is played at a seat."""
        bottleneck = self.bottleneck
        return bottleneck.of_seat if isinstance(bottleneck, SeatBottleneck) else bottleneck

    def terms(self, x: MeasureBatch, coded: Coded, generator: torch.Generator | None = None) -> Terms:
        """Return what saying measures by noisy codes costs, and what those codes do that are given."""
        noisy = exact(coded.code)
        if self.decoder.hears_song:
            noisy = add_noise(coded.code, draw_freedom(x.layout, generator), generator)
        log_prob = self.decoder.log_prob(x, noisy, generator)
        exists = x.layout.exists
        return Terms(-log_prob[exists], coded.kl[noisy.given & exists], self._sketch(x, coded.code, exists))

    def sketch(self, layout: Layout, code: Tensor) -> Tensor:
        """Return the piano rolls that codes (M, Z) say: how likely each cell is, and differentiable.

        Returns
        -------
        Tensor, shape (M, parts, 2, t, 128)
            Of t steps in the longest of the measures: see `midi.songs.pianoroll`.
        """
        return cells_to_rolls(self.decoder.rolls(layout, code), len(self.config.parts))

    def sketcher(self) -> Autoencoder[MeasureBatch] | None:
        """Return the model with its sketch alone in place of the decoder, or None if it has none."""
        sketching = self._sketching()
        if sketching is None:
            return None
        return Autoencoder(self.encoder, self.bottleneck, sketching, self.corruption)

    def _sketch(self, x: MeasureBatch, code: Tensor, exists: Tensor) -> Tensor | None:
        """Return what it costs to say the rolls of measures straight from their codes, if that is learned."""
        sketching = self._sketching()
        return None if sketching is None else -sketching.log_prob(x, code)[exists]

    def _sketching(self) -> SketchDecoder | None:
        """Return the part of the decoder that sketches, if it has one."""
        return self.decoder.sketching() if isinstance(self.decoder, NoteDecoder) else None


def device_of(model: MeasureVAE) -> torch.device:
    """Return where a model's weights are."""
    return next(model.parameters()).device


def require_hearing(model: MeasureVAE) -> NoteDecoder:
    """Return a model's decoder, which hears the song.

    Raises
    ------
    ModelError
        If it says each measure by itself.
    """
    if not isinstance(model.decoder, NoteDecoder):
        raise ModelError(
            "the model's decoder says each measure by itself, and this needs one that hears the song: "
            "take a model that was trained with a recurrent decoder"
        )
    return model.decoder
