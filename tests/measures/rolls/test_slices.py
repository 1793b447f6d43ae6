from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.rolls.slices import Slices, cut_measures


@pytest.mark.parametrize(("a_beat", "size"), [(4, 1), (12, 3), (24, 6), (6, 1), (2, 1)])
def test_a_slice_is_a_sixteenth_where_the_grid_has_them(
    config: MeasureVAEConfig, a_beat: int, size: int
) -> None:
    assert cut_measures(replace(config, steps_per_beat=a_beat, steps=24)) == Slices(24 // size, size)


def test_steps_come_back_from_their_slices() -> None:
    slices, steps = Slices(4, 3), torch.randn(2, 10, 5)
    assert slices.cut(steps).shape == (2, slices.count(10), 15)
    torch.testing.assert_close(slices.join(slices.cut(steps), 10), steps, rtol=0, atol=0)


def test_a_slice_holds_its_own_steps_in_order() -> None:
    steps = torch.arange(6.0).view(1, 6, 1)
    assert Slices(2, 3).cut(steps).tolist() == [[[0, 1, 2], [3, 4, 5]]]
