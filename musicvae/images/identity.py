"""Which picture model it is: what belongs to a model, and to no other, names it by this."""

from __future__ import annotations

from dataclasses import asdict

from musicvae.core.model_store.model_hash import hash_model
from musicvae.images.model import PictureAutoencoder

# All that the weights' answers depend on. What else there is in a config may change and grow.
_DECISIVE = ("size", "channels", "latent", "network", "likelihood", "std")


def identify(model: PictureAutoencoder) -> bytes:
    """Return the hash of a model, the same for a model folder wherever it lies and whoever loads it."""
    config = asdict(model.config)
    return hash_model({name: config[name] for name in _DECISIVE}, model.state_dict())
