"""Figures as numbers that can be read: means with their errors, and results as JSON has them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import NamedTuple

import numpy as np

DIGITS = 4


class Mean(NamedTuple):
    """A mean over so many cases, and its standard error."""

    mean: float
    standard_error: float
    cases: int


def mean_of(values: Sequence[float] | np.ndarray) -> Mean:
    """Return the mean of some values, NaN if there are none."""
    known = np.asarray(values, float)
    if not len(known):
        return Mean(math.nan, math.nan, 0)
    error = known.std(ddof=1) / math.sqrt(len(known)) if len(known) > 1 else math.nan
    return Mean(float(known.mean()), float(error), len(known))


def to_json(value: object) -> object:
    """Return a result as JSON has it: names kept, numbers rounded, NaN as null."""
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return to_json(value._asdict())
    if isinstance(value, Mapping):
        return {str(name): to_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(each) for each in value]
    if isinstance(value, np.generic):
        return to_json(value.item())
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    return value
