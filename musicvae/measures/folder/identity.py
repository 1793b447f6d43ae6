"""Which music model it is: what compressed songs name the model by that they need."""

from __future__ import annotations

from dataclasses import asdict

from musicvae.core.model_store.model_hash import hash_model
from musicvae.measures.network.model import MeasureVAE

# All that the weights' answers depend on. What else there is in a config may change and grow.
_DECISIVE = ("ensemble", "parts", "steps_per_beat", "meters", "steps", "styles", "decoder", "reach")


def identify(model: MeasureVAE) -> bytes:
    """Return the hash of a model, the same for a model folder wherever it lies and whoever loads it."""
    config = asdict(model.config)
    return hash_model({name: config[name] for name in _DECISIVE}, model.state_dict())
