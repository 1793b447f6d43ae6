from __future__ import annotations

import pytest
import torch

from musicvae.core.chance import standard_normal, uniform


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_noise_has_the_type_of_what_it_is_for(dtype: torch.dtype) -> None:
    assert standard_normal((2, 3), None, torch.zeros(1, dtype=dtype)).dtype == dtype


def test_uniform_draws_lie_between_0_and_1_and_follow_the_seed() -> None:
    first, again = (uniform((50, 4), torch.Generator().manual_seed(1), torch.device("cpu")) for _ in range(2))
    assert torch.equal(first, again)
    assert 0 <= first.min() < 0.1 < 0.9 < first.max() < 1
