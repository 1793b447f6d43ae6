"""A training, as what it leaves is made of it: of songs, or of pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from musicvae.provenance import Provenance

Data = TypeVar("Data")
Setup = TypeVar("Setup")


@dataclass(frozen=True)
class Training(Generic[Data, Setup]):
    """What is trained on what.

    Parameters
    ----------
    data : Prepared or Pictures
    setup : TrainingSetup
        Of `measures.training` or `images.training`.
    folder : Path
        The model folder.
    provenance : Provenance
        Of what it writes.
    """

    data: Data
    setup: Setup
    folder: Path
    provenance: Provenance
