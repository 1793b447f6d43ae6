"""Which model it is: a hash of all that its answers depend on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from musicvae.core.model_store.model_family import Model, ModelFamily

HASH_BYTES = 8


def identify(model: Model, family: ModelFamily[Model]) -> bytes:
    """Return the hash of a model, the same for a model folder wherever it lies and whoever loads it."""
    config = asdict(model.config)
    return hash_model({name: config[name] for name in family.decisive}, model.state_dict())


def hash_model(config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> bytes:
    """Return the first bytes of a SHA-256 of a model, the same on every machine.

    Weights kept in half precision hash like the float32 that they are loaded as.

    Parameters
    ----------
    config : mapping
        What the model's answers depend on beside its weights, as it can be said in JSON. Fields that say
        how it was trained have no place here, nor those that a later version may add.
    weights : mapping of str to Tensor
    """
    whole = sha256(json.dumps(config, sort_keys=True).encode())
    for name, weight in sorted(weights.items()):
        plain = weight.detach().cpu()
        plain = (plain.float() if plain.is_floating_point() else plain.long()).contiguous()
        whole.update(f"\n{name} {tuple(plain.shape)}\n".encode())
        whole.update(plain.numpy().tobytes())
    return whole.digest()[:HASH_BYTES]
