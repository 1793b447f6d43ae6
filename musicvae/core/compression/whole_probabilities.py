"""Logits -> probabilities in whole numbers, for a coder that has to find the same ones again.

Conventions
-----------
- The probabilities of a row are whole numbers that sum to TOTAL. Every symbol that can be has 1 or more,
  one that cannot (a logit of -inf) has 0.
- Logits are first rounded to 1/STEPS of a doubling, 0.14 % of a probability; from there on there are whole
  numbers only, so that logits that differ by their last digits come to the very same probabilities unless
  one lies that near to halfway between two steps. With logits in float64 that is one in 10^10.
"""

from __future__ import annotations

import math

import numpy as np
from torch import Tensor

PRECISION = 24
TOTAL = 1 << PRECISION
STEPS = 512  # to a doubling, a power of two
_DIGITS, _GUARD = 30, 66  # bits of a weight of the likeliest, and those that are cut off in the end


def _make_weights() -> np.ndarray:
    """Return 2^(s / STEPS) for each step s of a doubling, with `_DIGITS` binary digits behind the point.

    By square roots of whole numbers, so that every machine has the same table.
    """
    scale = _DIGITS + _GUARD
    step = 2 << scale
    for _ in range(STEPS.bit_length() - 1):
        step = math.isqrt(step << scale)
    weights = [1 << scale]
    while len(weights) < STEPS:
        weights.append(weights[-1] * step >> scale)
    return np.array([weight >> _GUARD for weight in weights], np.int64)


_WEIGHTS = _make_weights()


def to_whole(logits: Tensor) -> np.ndarray:
    """Return the probabilities that logits stand for in whole numbers.

    Parameters
    ----------
    logits : Tensor, shape (symbols,)
        -inf for what cannot be; one or more can be.

    Returns
    -------
    np.ndarray of int64, shape (symbols,)
    """
    given = logits.double().cpu().numpy()
    can_be = np.isfinite(given)
    steps = np.rint(given[can_be] * (STEPS / math.log(2))).astype(np.int64)
    doublings, within = np.divmod(steps - steps.max(), STEPS)
    weights = _WEIGHTS[within] >> np.minimum(-doublings, _DIGITS + 2)
    # What can be has 1 each, the rest is shared by weight, and what rounding leaves goes to the likeliest.
    shares = 1 + weights * (TOTAL - len(weights)) // weights.sum()
    shares[steps.argmax()] += TOTAL - shares.sum()
    whole = np.zeros(len(given), np.int64)
    whole[can_be] = shares
    return whole
