"""An accelerator for the tests of training."""

from __future__ import annotations

import pytest
from accelerate import Accelerator


@pytest.fixture
def accelerator(forget_accelerators: None) -> Accelerator:
    """Return an accelerator on the CPU in full precision."""
    return Accelerator(cpu=True, mixed_precision="no")
