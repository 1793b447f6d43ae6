"""What a training tells of itself as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Scores(NamedTuple):
    """What a validation says: the loss to be lowered, its terms, and what else people want to read.

    `figures` are those others by their names, such as an accuracy: the loop only hands them on. A model whose
    codes say nothing is the best only as long as there was no other.
    """

    loss: float
    rate: float = 0.0
    distortion: float = 0.0
    figures: Mapping[str, float] = MappingProxyType({})
    says_nothing: bool = False


class Report(NamedTuple):
    """Where a training stands. `scores` is None between validations; a stage before the last has a name."""

    step: int
    epoch: float
    seconds: float
    progress: float
    learning_rate: float
    loss: float
    distortion: float
    rate: float
    scores: Scores | None = None
    is_best: bool = False
    stage: str = ""
