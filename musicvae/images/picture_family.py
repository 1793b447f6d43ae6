"""PICTURE_MODELS: what the store of models is told of picture models."""

from __future__ import annotations

from typing import Any

from musicvae.core.model_store.model_family import ModelFamily
from musicvae.images.code_statistics import CODES
from musicvae.images.data.config import PictureConfig
from musicvae.images.model import PictureAutoencoder


def parse_config(fields: dict[str, Any]) -> PictureConfig:
    """Return the config that JSON holds; trainings by an earlier version called the autoencoder a kind."""
    return PictureConfig(**{"autoencoder" if name == "kind" else name: fields[name] for name in fields})


PICTURE_MODELS = ModelFamily(
    kind="pictures",
    parse_config=parse_config,
    build=PictureAutoencoder,
    decisive=("size", "channels", "latent", "network", "likelihood", "std"),
    files=(CODES,),
    trained_by="musicvae images train",
    trained_on="data",
)
