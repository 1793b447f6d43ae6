from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from musicvae.images.data.batches import (
    BatchConfig,
    PictureBatches,
    binarise,
    in_batches,
    to_floats,
    to_levels,
)
from musicvae.images.data.config import Binarising

Draw = Callable[..., np.ndarray]
CPU = torch.device("cpu")


def numbered(count: int) -> np.ndarray:
    """Return pictures whose pixels are all their number."""
    return np.tile(np.arange(count, dtype=np.uint8)[:, None, None, None], (1, 1, 2, 2))


def batches(
    pictures: np.ndarray, plan: BatchConfig, how: Binarising | None = None, share: tuple[int, int] = (0, 1)
) -> PictureBatches:
    return PictureBatches(pictures, plan, how, CPU, share)


def numbers(batch: torch.Tensor) -> list[int]:
    return [round(picture[0, 0, 0].item() * 255) for picture in batch]


def test_levels_and_floats_are_inverse() -> None:
    pictures = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
    assert np.array_equal(to_levels(to_floats(pictures)), pictures)


def test_an_epoch_deals_each_picture_once_and_the_next_one_in_another_order() -> None:
    dealt = batches(numbered(20), BatchConfig(5))
    assert len(dealt) == 4
    epochs = [
        [number for step in range(4) for number in numbers(dealt.at(4 * epoch + step))] for epoch in (0, 1)
    ]
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(20))
    assert epochs[0] != epochs[1]


def test_a_batch_depends_on_seed_and_step_alone(discs: Draw) -> None:
    plan, pictures = BatchConfig(8, mirror=True), discs(20)
    first, again = (batches(pictures, plan, "dynamic") for _ in range(2))
    first.at(0)
    assert torch.equal(first.at(7), again.at(7))
    assert not torch.equal(first.at(7), batches(pictures, plan._replace(seed=1), "dynamic").at(7))


def test_pixels_are_drawn_anew_each_time(discs: Draw) -> None:
    dealt = batches(discs(4), BatchConfig(4), "dynamic")
    first, second = dealt.at(0), dealt.at(1)
    assert set(first.unique().tolist()) == {0, 1}
    assert first.sum() != second.sum()


def test_processes_share_a_batch() -> None:
    whole = numbers(batches(numbered(20), BatchConfig(6)).at(1))
    parts = [numbers(batches(numbered(20), BatchConfig(6), share=(mine, 2)).at(1)) for mine in (0, 1)]
    assert sorted(parts[0] + parts[1]) == sorted(whole)


def test_half_of_the_pictures_are_mirrored() -> None:
    pictures = np.zeros((400, 1, 2, 2), np.uint8)
    pictures[..., 0] = 255
    batch = batches(pictures, BatchConfig(400, mirror=True)).at(0)
    assert 0.4 < batch[:, 0, 0, 1].mean() < 0.6


def test_fewer_pictures_than_a_batch_are_one_batch() -> None:
    dealt = batches(numbered(3), BatchConfig(8))
    assert len(dealt) == 1
    assert sorted(numbers(dealt.at(5))) == [0, 1, 2]


def test_pictures_in_order_come_in_batches() -> None:
    assert [numbers(batch) for batch in in_batches(numbered(5), 2)] == [[0, 1], [2, 3], [4]]


def test_dynamic_binarisation_draws_each_pixel_with_its_grey_as_the_probability() -> None:
    grey = torch.tensor([0.0, 0.2, 0.7, 1.0]).expand(20_000, 4)
    drawn = binarise(grey, "dynamic", torch.Generator().manual_seed(0))
    assert set(drawn.unique().tolist()) == {0, 1}
    torch.testing.assert_close(drawn.mean(0), grey[0], atol=0.02, rtol=0)
    assert drawn[:, 0].max() == 0
    assert drawn[:, 3].min() == 1


def test_a_threshold_cuts_at_a_half_and_no_binarisation_changes_nothing() -> None:
    grey = torch.tensor([0.0, 0.49, 0.5, 1.0])
    assert binarise(grey, "threshold").tolist() == [0, 0, 1, 1]
    assert binarise(grey, None) is grey
