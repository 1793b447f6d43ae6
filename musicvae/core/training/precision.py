"""Whether half precision pays on this processor, and what keeps out of it."""

from __future__ import annotations

import time
from functools import cache

import torch
from torch import Tensor


@cache  # one answer a process: accelerate takes no second one
def bf16_is_faster_here(size: int = 512, rounds: int = 8) -> bool:
    """Measure whether this CPU multiplies bf16 matrices faster than float32 ones (about 10 ms)."""

    def seconds(dtype: torch.dtype) -> float:
        a = torch.randn(size, size).to(dtype)
        a @ a  # the first product sets the library up
        began = time.perf_counter()
        for _ in range(rounds):
            a @ a
        return time.perf_counter() - began

    return seconds(torch.bfloat16) < 0.8 * seconds(torch.float32)


def at_least_single(x: Tensor) -> Tensor:
    """Return a tensor in float32, or as it is if it is in float64."""
    return x if x.dtype == torch.float64 else x.float()
