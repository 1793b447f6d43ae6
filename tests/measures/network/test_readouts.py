from __future__ import annotations

import pytest
import torch
from torch import Tensor

from musicvae.measures.network.readouts import KEY, Asked, When
from musicvae.measures.network.rows import At
from musicvae.measures.rolls.slices import SLICE_WIDTH, Slices

STEPS = 6


@pytest.fixture(scope="module")
def when() -> When:
    torch.manual_seed(0)
    return When(8, STEPS, Slices(STEPS // 2, 2), SLICE_WIDTH).requires_grad_(False)


def ask_at(step: int, room: int, when: When, free: int = 0) -> Tensor:
    """Return the logits of when something begins after a step of a measure."""
    asked = when.ask(torch.randn(1, 8, generator=torch.Generator().manual_seed(1)))
    at = At(*(torch.tensor([number]) for number in (0, step, room)))
    return when.logits(asked, torch.zeros(1, STEPS), at, torch.tensor([free]))[0]


def can_be(logits: Tensor) -> list[int]:
    return logits.isfinite().nonzero().flatten().tolist()


def test_something_begins_at_a_later_step_of_the_measure_or_not_in_it(when: When) -> None:
    assert can_be(ask_at(0, 6, when)) == [1, 2, 3, 4, 5, STEPS]
    assert can_be(ask_at(2, 4, when)) == [3, 4, 5, STEPS]
    assert can_be(ask_at(1, 3, when)) == [2, 3, STEPS]  # a measure of four steps
    assert can_be(ask_at(5, 1, when)) == [STEPS]


def test_nothing_begins_where_every_lane_rings(when: When) -> None:
    assert can_be(ask_at(0, 6, when, free=4)) == [4, 5, STEPS]
    assert can_be(ask_at(0, 6, when, free=6)) == [STEPS]


def test_steps_are_told_apart_by_how_far_off_they_are(when: When) -> None:
    asked = Asked(torch.zeros(1, KEY), torch.arange(1.0, 1 + STEPS).unsqueeze(0), torch.zeros(1, 1))
    at = At(torch.tensor([0]), torch.tensor([2]), torch.tensor([4]))
    logits = when.logits(asked, torch.zeros(1, STEPS), at, torch.tensor([0]))[0]
    assert logits[3:].tolist() == [1, 2, 3, 0]


def test_a_step_has_a_key_by_its_code_where_there_is_one(when: When) -> None:
    unrolled = torch.randn(2, 3, SLICE_WIDTH, generator=torch.Generator().manual_seed(0))
    given, absent = when.keys(unrolled, torch.tensor([True, False]), STEPS - 1)
    assert given.shape == (STEPS - 1, KEY)
    torch.testing.assert_close(absent, when.position.weight[: STEPS - 1])
    assert ((given - absent).abs().amax(1) > 1e-3).all()
