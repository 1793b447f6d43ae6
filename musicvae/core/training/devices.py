"""Where a training runs, and how precisely: in bf16 where that is faster."""

from __future__ import annotations

from typing import Literal

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState, is_initialized

from musicvae.core.training.precision import bf16_is_faster_here
from musicvae.errors import TrainingError

__all__ = ["Accelerator", "Device", "make_accelerator"]  # accelerate is for this folder alone to import

Device = Literal["auto", "cpu", "cuda", "mps"]


def make_accelerator(device: Device = "auto", one_size: bool = False) -> Accelerator:
    """Return the accelerator for a training.

    Parameters
    ----------
    device : Device
    one_size : bool
        Whether all batches have one size (`bf16_is_faster_here`).

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
    if is_initialized():  # the first accelerator of a process decides for all after it
        return Accelerator(cpu=on_cpu, mixed_precision=AcceleratorState().mixed_precision)
    # Of many sizes bf16 is only more casts to tell a GPU of: see `precision.quick_products`.
    gpu_is_faster = on_gpu and one_size and torch.cuda.is_bf16_supported()
    bf16 = gpu_is_faster or (on_cpu and bf16_is_faster_here(one_size))
    return Accelerator(cpu=on_cpu, mixed_precision="bf16" if bf16 else "no")
