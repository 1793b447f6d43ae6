"""What options choose from."""

from __future__ import annotations

from enum import StrEnum


class Ensemble(StrEnum):
    """What parts a model speaks: the ensembles of `midi.songs.ensembles`, or the one that suits the songs."""

    AUTO = "auto"
    MELODY = "melody"
    PIANO = "piano"
    VOICES = "voices"
    BAND = "band"


class Decoder(StrEnum):
    """What says the notes: see `measures.data.config`."""

    RECURRENT = "recurrent"
    CONV = "conv"


class ModelKind(StrEnum):
    """What a code is and what it is learned from: see `core.bottleneck`."""

    AE = "ae"
    DAE = "dae"
    VAE = "vae"


class Device(StrEnum):
    """Where a training runs: see `core.training.devices`."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"
