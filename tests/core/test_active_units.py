from __future__ import annotations

import torch

from musicvae.core.active_units import count_active


def test_a_coordinate_counts_if_it_varies_from_item_to_item() -> None:
    codes = torch.tensor([[0.0, 5.0, 0.05], [1.0, 5.0, -0.05]])
    assert count_active(codes) == 1
