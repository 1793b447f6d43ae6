from __future__ import annotations

import copy

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from musicvae.core.objective import Loss, Weights
from musicvae.core.training.learner import Learner


class Slope(nn.Module):
    """A model whose loss has the slope that each batch says."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(4))

    def forward(self, batch: Tensor, weights: Weights, generator: torch.Generator) -> Loss:
        total = (batch * self.weights).sum()
        return Loss(total, total.detach(), torch.zeros(()))


def make_learner(accelerator: Accelerator, average: float = 0.9, clip: float = 1e9) -> tuple[Slope, Learner]:
    model = Slope()
    return model, Learner(model, accelerator, weight_decay=0.0, average=average, clip=clip)


def learn(learner: Learner, slope: Tensor, learning_rate: float) -> Loss:
    return learner.step(slope, learning_rate, Weights(), torch.Generator())


def averaged_weights(learner: Learner) -> Tensor:
    return learner.averaged.module.get_parameter("weights").detach()


def test_a_step_goes_down_the_slope_by_the_learning_rate(accelerator: Accelerator) -> None:
    model, learner = make_learner(accelerator)
    loss = learn(learner, torch.tensor([1.0, -2.0, 3.0, 0.0]), 0.1)
    assert loss.total == 0
    # The first step of Adam is the sign of the gradient, times the learning rate.
    torch.testing.assert_close(model.weights.detach(), torch.tensor([-0.1, 0.1, -0.1, 0.0]))


def test_the_average_follows_with_a_memory_that_is_short_at_first(accelerator: Accelerator) -> None:
    model, learner = make_learner(accelerator, average=0.3)
    slope, expected = torch.tensor([1.0, -1.0, 2.0, -2.0]), torch.zeros(4)
    for step in range(6):
        learn(learner, slope, 0.1 / (step + 1))
        decay = min(0.3, (1 + step) / (10 + step)) if step else 0.0  # the first weights are copied
        expected = decay * expected + (1 - decay) * model.weights.detach()
    torch.testing.assert_close(averaged_weights(learner), expected)


def test_a_steep_slope_is_cut_to_the_norm_given(accelerator: Accelerator) -> None:
    _, cut = make_learner(accelerator, clip=1.0)
    learn(cut, torch.tensor([300.0, 400.0, 0.0, 0.0]), 0.1)
    first_moment = cut.snapshot()["optimizer"]["state"][0]["exp_avg"]
    torch.testing.assert_close(first_moment, 0.1 * torch.tensor([0.6, 0.8, 0.0, 0.0]))


def test_a_learner_goes_on_from_a_snapshot_as_if_it_had_never_stopped(accelerator: Accelerator) -> None:
    slopes = torch.randn(6, 4, generator=torch.Generator().manual_seed(0))
    model, learner = make_learner(accelerator)
    for slope in slopes[:3]:
        learn(learner, slope, 0.1)
    resumed_model, resumed = make_learner(accelerator)
    resumed.go_on_from(copy.deepcopy(learner.snapshot()))  # as a file would keep it
    for slope in slopes[3:]:
        learn(learner, slope, 0.1)
        learn(resumed, slope, 0.1)
    assert torch.equal(model.weights, resumed_model.weights)
    assert torch.equal(averaged_weights(learner), averaged_weights(resumed))
