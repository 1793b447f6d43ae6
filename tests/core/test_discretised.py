from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.distributions import AffineTransform, SigmoidTransform, TransformedDistribution, Uniform

from musicvae.core.discretised import FIRST_LOG_SCALE, LEVELS, DiscretisedLogistic
from musicvae.errors import SupportError

LEVEL = torch.arange(LEVELS) / (LEVELS - 1)
MEANS = torch.tensor([-0.4, 0.0, 0.1234, 0.5, 0.999, 1.7])
LOG_SCALES = torch.tensor([-4.0, -2.0, 0.0, 1.5])
LOGISTIC = DiscretisedLogistic()


def output(mean: Tensor, log_scale: Tensor) -> Tensor:
    """Return parameters (cells, 2, 1): each row one cell."""
    mean, log_scale = torch.broadcast_tensors(mean, log_scale)
    return torch.stack([mean.flatten(), log_scale.flatten()], 1)[..., None]


def probabilities(mean: float, log_scale: float) -> Tensor:
    """Return the probability of each level."""
    rows = output(torch.tensor(mean), torch.tensor(log_scale)).expand(LEVELS, 2, 1)
    return LOGISTIC.log_prob(rows, LEVEL[:, None, None]).double().exp()


@pytest.mark.parametrize("mean", MEANS.tolist())
@pytest.mark.parametrize("log_scale", LOG_SCALES.tolist())
def test_the_levels_have_a_probability_of_1_together(mean: float, log_scale: float) -> None:
    assert probabilities(mean, log_scale).sum().item() == pytest.approx(1, abs=1e-4)


def test_a_level_has_what_the_logistic_of_torch_gives_its_bin() -> None:
    scale = (torch.tensor(-1.0) + FIRST_LOG_SCALE).double().exp()
    steps = [SigmoidTransform().inv, AffineTransform(0.3, scale)]
    logistic = TransformedDistribution(Uniform(torch.zeros(()).double(), 1.0), steps)
    level = LEVEL.double()

    def below(x: Tensor) -> Tensor:
        found: Tensor = logistic.cdf(x)
        return found

    low = torch.where(level == 0, 0.0, below(level - 0.5 / 255))
    high = torch.where(level == 1, 1.0, below(level + 0.5 / 255))
    torch.testing.assert_close(probabilities(0.3, -1.0), high - low, atol=1e-7, rtol=1e-4)


@pytest.mark.parametrize("mean", MEANS.tolist())
@pytest.mark.parametrize("log_scale", LOG_SCALES.tolist())
def test_the_mean_is_that_of_the_levels_to_half_a_level(mean: float, log_scale: float) -> None:
    expected = (probabilities(mean, log_scale) * LEVEL).sum().item()
    found = LOGISTIC.mean(output(torch.tensor(mean), torch.tensor(log_scale))).item()
    assert found == pytest.approx(expected, abs=0.51 / 255)


def test_draws_come_as_often_as_they_are_likely() -> None:
    rows = output(torch.tensor(0.1), torch.tensor(-1.0)).expand(100_000, 2, 1)
    drawn = LOGISTIC.sample(rows, torch.Generator().manual_seed(0)).flatten()
    LOGISTIC.check(drawn)
    counts = torch.bincount((drawn * 255).round().long(), minlength=LEVELS)
    expected = probabilities(0.1, -1.0) * len(rows)
    assert ((counts - expected).abs() <= 5 * expected.sqrt() + 5).all()


def test_a_level_far_from_the_mean_has_a_finite_probability_and_gradient() -> None:
    rows = output(torch.tensor([-9.0, 9.0]), torch.tensor(-5.0)).requires_grad_()
    log_prob = LOGISTIC.log_prob(rows, torch.tensor([0.5, 0.5])[:, None, None])
    [gradient] = torch.autograd.grad(log_prob.sum(), rows)
    assert log_prob.isfinite().all()
    assert gradient[:, 0].sign().flatten().tolist() == [1, -1]  # towards the level


def test_every_level_passes_and_anything_else_is_an_error_that_says_so() -> None:
    LOGISTIC.check(LEVEL)
    for x in (2 * LEVEL - 1, LEVEL + 0.001, LEVEL * 255, LEVEL * torch.nan):
        with pytest.raises(SupportError, match=r"whole multiples of 1/255 in \[0, 1\]"):
            LOGISTIC.check(x)
