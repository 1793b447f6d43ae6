from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate import Accelerator
from torch import Tensor, nn

from musicvae.core.model_store.training_state import load_training, save_training
from musicvae.core.objective import KLWeight, Loss, Weights
from musicvae.core.training.fit import LOOK_EVERY, Hooks, fit
from musicvae.core.training.kl_rise import FIRST, Worth
from musicvae.core.training.report import Report, Scores
from musicvae.core.training.train_config import TrainConfig
from musicvae.errors import TrainingError

EPOCH_STEPS = 5


class Line(nn.Module):
    """Fit y = 3 x, through dropout and noise, so that chance of both kinds matters."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.line = nn.Linear(1, 1)
        self.drop = nn.Dropout(0.2)
        self.weights: list[float] = []  # of the KL

    def forward(self, x: Tensor, weights: Weights, generator: torch.Generator) -> Loss:
        self.weights.append(weights.kl)
        noise = 0.1 * torch.randn(x.shape, generator=generator)
        total = (self.line(self.drop(x) + noise) - 3 * x).pow(2).mean()
        return Loss(total, total.detach(), torch.zeros(()))


class Points:
    """Batches of x; before one of the steps something may happen."""

    def __init__(self, at_step: int = -1, happening: Callable[[], None] = lambda: None) -> None:
        self.at_step, self.happening = at_step, happening

    def __len__(self) -> int:
        return EPOCH_STEPS

    def at(self, step: int) -> Tensor:
        if step == self.at_step:
            self.happening()
        return torch.randn(8, 1, generator=torch.Generator().manual_seed(step))


class Log:
    """Hooks that remember what they were told; the losses of validations are given, or else true."""

    def __init__(self, *losses: float) -> None:
        self.losses = list(losses)
        self.reports: list[Report] = []
        self.best: list[float] = []
        self.saved: list[int] = []

    def hooks(self, folder: Path | None = None) -> Hooks:
        def save(state: dict[str, Any]) -> None:
            self.saved.append(state["state"]["step"])
            if folder is not None:
                save_training(folder, state)

        return Hooks(self.validate, self.reports.append, self.keep_best, save)

    def validate(self, model: nn.Module) -> Scores:
        assert not model.training
        weight = model.get_parameter("line.weight").item()
        return Scores(self.losses.pop(0) if self.losses else abs(3 - weight))

    def keep_best(self, model: nn.Module) -> None:
        self.best.append(model.get_parameter("line.weight").item())

    @property
    def checks(self) -> list[Report]:
        return [report for report in self.reports if report.scores is not None]


def interrupt() -> None:
    raise KeyboardInterrupt


def weights(model: nn.Module) -> list[float]:
    return [parameter.item() for parameter in model.parameters()]


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(accelerator: Accelerator) -> None:
    trained = []
    for seed in (0, 0, 1):
        model = Line()
        fit(model, Points(), TrainConfig(epochs=4, seed=seed), accelerator, Log().hooks())
        trained.append(weights(model))
    assert trained[0] == trained[1] != trained[2]


def test_it_learns(accelerator: Accelerator) -> None:
    model = Line()
    config = TrainConfig(epochs=100, learning_rate=0.1, patience=100)
    assert fit(model, Points(), config, accelerator, Log().hooks()).state.step == 100 * EPOCH_STEPS
    assert model.line.weight.item() == pytest.approx(3 * 0.8, abs=0.3)  # the least squares under dropout


@pytest.mark.parametrize("stop", [0, 7, 11, 19])
def test_a_resumed_training_ends_where_an_uninterrupted_one_does(
    accelerator: Accelerator, tmp_path: Path, stop: int
) -> None:
    config = TrainConfig(epochs=4, checks=6, kl=KLWeight(1.0, 0.5))
    whole, whole_log = Line(), Log()
    fit(whole, Points(), config, accelerator, whole_log.hooks())

    first, first_log = Line(), Log()
    outcome = fit(first, Points(stop, interrupt), config, accelerator, first_log.hooks(tmp_path))
    assert (outcome.reason, outcome.state.step) == ("interrupted", stop)
    assert first_log.saved[-1] == stop
    second, second_log = Line(), Log()
    torch.manual_seed(99)  # whatever chance did in between
    resume = load_training(tmp_path)
    assert fit(second, Points(), config, accelerator, second_log.hooks(), resume).reason == "done"
    assert weights(second) == weights(whole)
    assert first_log.best + second_log.best == whole_log.best  # the averages too
    assert [check.step for check in first_log.checks + second_log.checks] == [
        check.step for check in whole_log.checks
    ]


def test_a_training_that_is_done_has_nothing_to_resume(accelerator: Accelerator, tmp_path: Path) -> None:
    config, model, log = TrainConfig(epochs=2), Line(), Log()
    fit(model, Points(), config, accelerator, Log().hooks(tmp_path))
    outcome = fit(model, Points(), config, accelerator, log.hooks(), load_training(tmp_path))
    assert (outcome.reason, outcome.state.step, log.reports) == ("done", 2 * EPOCH_STEPS, [])


def test_a_training_that_is_done_can_be_given_more_epochs(accelerator: Accelerator, tmp_path: Path) -> None:
    fit(Line(), Points(), TrainConfig(epochs=2), accelerator, Log().hooks(tmp_path))
    resume = load_training(tmp_path)
    outcome = fit(Line(), Points(), TrainConfig(epochs=3), accelerator, Log().hooks(), resume)
    assert (outcome.reason, outcome.state.step) == ("done", 3 * EPOCH_STEPS)


def test_a_training_that_goes_on_for_longer_is_validated_all_along(
    accelerator: Accelerator, tmp_path: Path
) -> None:
    fit(Line(), Points(), TrainConfig(epochs=4, checks=4), accelerator, Log().hooks(tmp_path))
    log, longer = Log(), TrainConfig(epochs=16, checks=4)
    fit(Line(), Points(), longer, accelerator, log.hooks(), load_training(tmp_path))
    assert [check.step for check in log.checks] == [41, 61, 80]


def test_ctrl_c_in_a_validation_loses_no_step(accelerator: Accelerator) -> None:
    def stop_validating(model: nn.Module) -> Scores:
        raise KeyboardInterrupt

    log = Log()
    hooks = log.hooks()._replace(validate=stop_validating)
    outcome = fit(Line(), Points(), TrainConfig(epochs=1, checks=1), accelerator, hooks)
    assert outcome.reason == "interrupted"
    assert log.saved == [EPOCH_STEPS]


def test_a_training_bounded_by_the_clock_ends_by_itself(
    accelerator: Accelerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = itertools.count()
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(ticks)))  # a second a look
    log = Log()
    outcome = fit(Line(), Points(), TrainConfig(minutes=9, epochs=10_000), accelerator, log.hooks())
    assert outcome.reason == "done"
    assert outcome.state.seconds >= 540
    rates = [report.learning_rate for report in log.reports]
    assert max(rates) == pytest.approx(2e-3, rel=0.01)
    assert rates[-1] < 0.02 * max(rates)  # the schedule is whole


def test_the_clock_goes_on_where_it_stopped(accelerator: Accelerator, tmp_path: Path) -> None:
    fit(Line(), Points(3, interrupt), TrainConfig(minutes=1), accelerator, Log().hooks(tmp_path))
    resume = load_training(tmp_path)
    resume["state"]["seconds"] = 61.0
    outcome = fit(Line(), Points(), TrainConfig(minutes=1), accelerator, Log().hooks(), resume)
    assert (outcome.reason, outcome.state.step) == ("done", 3)


def test_it_validates_as_often_as_asked_and_at_the_end(accelerator: Accelerator) -> None:
    log = Log(5.0, 4.0, 3.0, 2.0)
    fit(Line(), Points(), TrainConfig(epochs=8, checks=4), accelerator, log.hooks())
    assert [check.step for check in log.checks] == [11, 21, 31, 40]
    assert [check.is_best for check in log.checks] == [True] * 4
    assert log.saved == [11, 21, 31, 40]


def test_no_step_is_validated_twice(accelerator: Accelerator) -> None:
    log = Log()
    fit(Line(), Points(), TrainConfig(epochs=1, checks=1000), accelerator, log.hooks())
    steps = [check.step for check in log.checks]
    assert steps == sorted(set(steps))
    assert steps[-1] == EPOCH_STEPS


def test_a_training_that_gets_no_better_stops_early(accelerator: Accelerator) -> None:
    log = Log(3.0, 2.0, 2.5, 2.0, 2.1)
    config = TrainConfig(epochs=100, checks=50, patience=3)
    outcome = fit(Line(), Points(), config, accelerator, log.hooks())
    assert outcome.reason == "no longer better"
    assert outcome.state.best == 2.0
    assert [check.is_best for check in log.checks] == [True, True, False, False, False]
    assert len(log.best) == 2


def test_a_validation_that_is_no_number_is_never_the_best(accelerator: Accelerator) -> None:
    log = Log(math.nan, 2.0, math.nan, 1.0)
    fit(Line(), Points(), TrainConfig(epochs=8, checks=4), accelerator, log.hooks())
    assert [check.is_best for check in log.checks] == [False, True, False, True]


def test_a_loss_that_is_no_number_stops_the_training_and_the_best_model_stays(
    accelerator: Accelerator, tmp_path: Path
) -> None:
    model, log = Line(), Log()

    def spoil() -> None:
        with torch.no_grad():
            model.line.weight.fill_(math.nan)

    with pytest.raises(TrainingError, match="no longer a number at step 16: .* try a lower learning rate"):
        fit(model, Points(15, spoil), TrainConfig(epochs=4, checks=4), accelerator, log.hooks(tmp_path))
    assert [math.isfinite(best) for best in log.best] == [True, True]
    assert load_training(tmp_path)["state"]["step"] == 11  # from before it went wrong
    assert load_training(tmp_path)["model"]["line.weight"].isfinite()


def test_the_model_that_is_kept_is_the_average(accelerator: Accelerator) -> None:
    model, log = Line(), Log()
    fit(model, Points(), TrainConfig(epochs=20, checks=1, learning_rate=0.1), accelerator, log.hooks())
    [kept] = log.best
    assert kept != model.line.weight.item()


def test_the_kl_weight_rises_as_the_training_goes_on(accelerator: Accelerator) -> None:
    model = Line()
    config = TrainConfig(epochs=4, kl=KLWeight(beta=0.5, warmup=0.5))
    fit(model, Points(), config, accelerator, Log().hooks())
    assert model.weights[0] == 0
    assert model.weights[5] == pytest.approx(0.25)
    assert model.weights[10:] == [0.5] * 10


def test_each_step_is_reported(accelerator: Accelerator) -> None:
    log = Log()
    outcome = fit(Line(), Points(), TrainConfig(epochs=2), accelerator, log.hooks())
    steps = [report for report in log.reports if report.scores is None]
    assert [report.step for report in steps] == list(range(1, outcome.state.step + 1))
    assert steps[4].epoch == 1.0
    assert [report.progress for report in steps] == pytest.approx([step / 10 for step in range(10)])
    assert all(report.loss == report.distortion and report.rate == 0 for report in steps)


def test_the_weight_of_the_kl_follows_what_codes_are_worth(accelerator: Accelerator) -> None:
    def train(share: float) -> list[float]:
        hooks = Log().hooks()._replace(weigh=lambda model, batch: Worth(1 - share, 1.0))
        model, epochs = Line(), 15 * LOOK_EVERY // EPOCH_STEPS + 1
        fit(model, Points(), TrainConfig(epochs=epochs, kl=KLWeight(0.5)), accelerator, hooks)
        return model.weights

    speaking, silent = train(0.8), train(0.01)
    assert silent[-1] < silent[0] == 0.5 * FIRST
    assert speaking == sorted(speaking)
    assert 0.5 * FIRST < speaking[-1] <= 0.5


def test_a_model_whose_codes_say_nothing_is_the_best_only_until_one_says_something(
    accelerator: Accelerator,
) -> None:
    log = Log()
    scores = iter([Scores(1.0, says_nothing=True), Scores(5.0), Scores(0.5, says_nothing=True), Scores(4.0)])
    hooks = log.hooks()._replace(validate=lambda model: next(scores))
    fit(Line(), Points(), TrainConfig(epochs=4, checks=4), accelerator, hooks)
    best = [report.is_best for report in log.reports if report.scores is not None]
    assert best == [True, True, False, True]


def test_a_stage_has_its_part_of_the_whole_and_its_own_schedule(accelerator: Accelerator) -> None:
    log = Log()
    config = TrainConfig(epochs=2, warmup=0, begin=0.25, end=0.75)
    fit(Line(), Points(), config, accelerator, log.hooks())
    progress = [report.progress for report in log.reports]
    assert progress[0] == 0.25
    assert max(progress) < 0.75
    assert log.reports[0].learning_rate == pytest.approx(config.learning_rate)
    assert len(log.saved) == 10  # half of the checks


def test_the_seconds_of_stages_before_count(accelerator: Accelerator) -> None:
    log = Log()
    outcome = fit(Line(), Points(), TrainConfig(minutes=1, begin=0.5), accelerator, log.hooks(), seconds=59.7)
    assert 59.7 < log.reports[0].seconds < 60 <= outcome.state.seconds < 62


def test_a_stage_that_has_no_time_left_still_leaves_a_model(accelerator: Accelerator) -> None:
    log = Log()
    outcome = fit(Line(), Points(), TrainConfig(minutes=1, begin=0.9), accelerator, log.hooks(), seconds=99)
    assert (outcome.state.step, outcome.has_model, len(log.best)) == (1, True, 1)
