"""MUSIC_MODELS: what the store of models is told of music models."""

from __future__ import annotations

from typing import Any

from musicvae.core.model_store.model_family import ModelFamily
from musicvae.core.model_store.model_files import SCORES
from musicvae.measures.data.config import MeasureVAEConfig, SongKind
from musicvae.measures.folder.shipped import KIND
from musicvae.measures.folder.training_plans import PLANS
from musicvae.measures.folder.training_tunes import TUNES
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.songs.song import Part


def parse_config(fields: dict[str, Any]) -> MeasureVAEConfig:
    """Return the config that JSON holds: lists are tuples again, parts are Parts, kinds are SongKinds.

    Fields that an earlier version did not know stand for their defaults.
    """
    tuples = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    tuples["parts"] = tuple(Part(**part) for part in fields["parts"])
    kinds = (SongKind(*kind) for kind in fields["kinds"])
    tuples["kinds"] = tuple(kind._replace(programs=tuple(kind.programs)) for kind in kinds)
    return MeasureVAEConfig(**{**fields, **tuples})


MUSIC_MODELS = ModelFamily(
    kind=KIND,
    parse_config=parse_config,
    build=MeasureVAE,
    decisive=("ensemble", "parts", "steps_per_beat", "meters", "steps", "styles", "decoder", "reach"),
    files=(TUNES, PLANS, SCORES),
    trained_by="musicvae train",
    trained_on="songs",
    version=3,  # the decoder goes from onset to onset
    mapped=True,
)
