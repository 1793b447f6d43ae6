"""An accelerator for the tests of training."""

from __future__ import annotations

import pytest
from accelerate import Accelerator
from accelerate.state import AcceleratorState


@pytest.fixture(autouse=True)
def forget_accelerators() -> None:
    """Let each test have an accelerator of its own: the first of a process decides for all after it."""
    AcceleratorState._reset_state(reset_partial_state=True)


@pytest.fixture
def accelerator(forget_accelerators: None) -> Accelerator:
    """Return an accelerator on the CPU in full precision."""
    return Accelerator(cpu=True, mixed_precision="no")
