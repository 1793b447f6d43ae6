"""What options of `musicvae images` choose from: see `images.data.config`."""

from __future__ import annotations

from enum import StrEnum


class Network(StrEnum):
    """Encoders and decoders: see `images.networks`."""

    CONV = "conv"
    DENSE = "dense"


class Likelihood(StrEnum):
    """What is said of each pixel: see `images.likelihoods`."""

    AUTO = "auto"
    BERNOULLI = "bernoulli"
    CONTINUOUS = "continuous"
    GAUSSIAN = "gaussian"
    LOGISTIC = "logistic"


class Binarising(StrEnum):
    """How pixels become 0 or 1 for a Bernoulli."""

    DYNAMIC = "dynamic"
    THRESHOLD = "threshold"


class Colours(StrEnum):
    """Whether pictures are grey."""

    AUTO = "auto"
    GREY = "grey"
    COLOUR = "colour"


class Method(StrEnum):
    """How codes of many numbers are drawn in a plane: see `evaluate.images.projections`."""

    PCA = "pca"
    TSNE = "tsne"
    BOTH = "both"
