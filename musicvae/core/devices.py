"""Where a training runs, and how precisely: in bf16 where that is faster."""

from __future__ import annotations

import time
from functools import cache
from typing import Literal

import torch
from accelerate import Accelerator

from musicvae.errors import TrainingError

__all__ = ["Accelerator", "Device", "bf16_is_faster_here", "make_accelerator"]

Device = Literal["auto", "cpu", "cuda", "mps"]


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


def make_accelerator(device: Device = "auto") -> Accelerator:
    """Return the accelerator for a training.

    Raises
    ------
    TrainingError
        If the device is not there.
    """
    there = {
        "auto": True,
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if not there.get(device, False):
        raise TrainingError(f"no device {device!r} here: use --device cpu, or auto to take the best there is")
    on_cpu = device == "cpu" or (device == "auto" and not there["cuda"] and not there["mps"])
    on_gpu = there["cuda"] and not on_cpu
    bf16 = (on_cpu and bf16_is_faster_here()) or (on_gpu and torch.cuda.is_bf16_supported())
    return Accelerator(cpu=on_cpu, mixed_precision="bf16" if bf16 else "no")
