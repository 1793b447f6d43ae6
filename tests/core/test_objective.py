from __future__ import annotations

import pytest
import torch

from musicvae.core.objective import KLWeight, negative_elbo

DISTORTION = torch.tensor([3.0, 5.0])
KL = torch.tensor([[0.1, 2.0], [0.3, 4.0]])  # mean over the batch: 0.2 and 3.0


def test_the_elbo_is_minus_rate_and_distortion() -> None:
    loss = negative_elbo(DISTORTION, KL)
    assert loss.distortion.item() == pytest.approx(4.0)
    assert loss.rate.item() == pytest.approx(3.2)
    assert loss.total.item() == pytest.approx(4.0 + 3.2)


def test_the_weight_counts_the_rate_alone() -> None:
    assert negative_elbo(DISTORTION, KL, weight=0.5).total.item() == pytest.approx(4.0 + 0.5 * 3.2)


def test_a_coordinate_below_its_free_bits_costs_just_those_and_is_not_pressed() -> None:
    kl = KL.clone().requires_grad_()
    loss = negative_elbo(DISTORTION, kl, free_bits=0.5)
    assert loss.total.item() == pytest.approx(4.0 + 0.5 + 3.0)
    assert loss.rate.item() == pytest.approx(3.2)  # what it is, whatever is free
    (pressure,) = torch.autograd.grad(loss.total, kl)
    assert pressure.tolist() == [[0.0, 0.5], [0.0, 0.5]]


def test_withheld_codes_cost_nothing_and_the_rate_is_that_of_the_given_ones() -> None:
    four = torch.tensor([3.0, 5.0, 3.0, 5.0])
    loss = negative_elbo(four, KL)  # two of the four have a code
    assert loss.rate.item() == pytest.approx(3.2)
    assert loss.total.item() == pytest.approx(4.0 + KL.sum().item() / 4)


@pytest.mark.parametrize("free_bits", [0.0, 0.5])
def test_without_any_code_the_loss_is_the_distortion(free_bits: float) -> None:
    loss = negative_elbo(DISTORTION, torch.empty(0, 2), free_bits=free_bits)
    assert loss.total.item() == loss.distortion.item() == 4.0
    assert loss.rate.item() == 0


@pytest.mark.parametrize(("progress", "weight"), [(0.0, 0.0), (0.1, 0.25), (0.2, 0.5), (1.0, 0.5)])
def test_the_weight_rises_to_beta_over_the_warm_up(progress: float, weight: float) -> None:
    assert KLWeight(beta=0.5, warmup=0.2).at(progress) == pytest.approx(weight)


def test_without_a_warm_up_the_weight_is_beta_at_once() -> None:
    assert KLWeight(beta=0.5).at(0.0) == 0.5
