"""Whether half precision pays on this processor, and what keeps out of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import torch
from torch import Tensor


@cache
def bf16_is_faster_here(one_size: bool, width: int = 512, rounds: int = 8) -> bool:
    """Measure whether this CPU multiplies bf16 matrices faster than float32 ones (10 to 50 ms).

    Parameters
    ----------
    one_size : bool
        Whether all batches have one size. Where they have not, each round has a row more: code is made for
        every size of bf16 products, which takes up to ten times as long as a product.
    width, rounds : int
    """

    def seconds(dtype: torch.dtype) -> float:
        rows = [width + (0 if one_size else number) for number in range(rounds + 1)]
        a = torch.randn(rows[-1], width).to(dtype)
        b = a[:width]
        a[: rows[0]] @ b  # the first product sets the library up
        began = time.perf_counter()
        for count in rows[1:]:
            a[:count] @ b
        return time.perf_counter() - began

    return seconds(torch.bfloat16) < 0.8 * seconds(torch.float32)


@contextmanager
def quick_products(device: torch.device) -> Iterator[None]:
    """Let a GPU multiply float32 matrices by TF32, about as quick as bf16 and without a cast, for a while."""
    before = torch.get_float32_matmul_precision()
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def at_least_single(x: Tensor) -> Tensor:
    """Return a tensor in float32, or as it is if it is in float64."""
    return x if x.dtype == torch.float64 else x.float()
