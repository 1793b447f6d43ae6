"""Decoders that hear the song: what is asked of a model wherever it has to go on from given notes."""

from __future__ import annotations

from musicvae.errors import ModelError
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.note_decoder import NoteDecoder


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
