from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from musicvae.errors import ModelError
from musicvae.midi.form.form_text import parse_form
from musicvae.midi.form.plan_model import (
    PlanModel,
    _come_to,
    _find_lags,
    fit_plan_model,
    json_to_plan_model,
)
from musicvae.midi.form.plans import REACH, Plan, lags_to_plan
from musicvae.midi.songs.song import Meter

COMMON = (Meter(4, 4),)
RONDO = parse_form("ABACA'", 20)


def rondos() -> PlanModel:
    """Return a model of songs that all have one plan."""
    return fit_plan_model([RONDO] * 300)


def random_plan(rng: np.random.Generator, measures: int = 24) -> Plan:
    lag = np.array([rng.integers(0, measure + 1) for measure in range(measures)])
    lag[rng.random(measures) < 0.5] = 0
    return lags_to_plan(lag, (lag > 0) & (rng.random(measures) < 0.5), bool(rng.random() < 0.5))


def draw_many(model: PlanModel, meters: tuple[Meter, ...], count: int = 50) -> list[Plan]:
    rng = np.random.default_rng(0)
    return [model.draw(meters, rng) for _ in range(count)]


def nats(model: PlanModel, plan: Plan, meters: tuple[Meter, ...]) -> float:
    """Return minus the log-likelihood of a plan for measures of these meters, its upbeat given."""
    chance = 1.0
    for measure, lag in enumerate(plan.lag.tolist()):
        moment = _come_to(measure, plan.lag, plan.varied, plan.upbeat)
        chance *= model._lag_chances(moment, _find_lags(meters, measure))[lag]
        if lag:
            chance *= model._change_chances(moment, lag)[int(plan.varied[measure])]
    return -math.log(chance) if chance else math.inf


def test_plans_drawn_from_a_model_of_one_plan_are_mostly_that_plan() -> None:
    drawn = draw_many(rondos(), COMMON * 20)
    assert np.mean([plan.lag == RONDO.lag for plan in drawn]) > 0.9
    assert np.mean([plan.varied == RONDO.varied for plan in drawn]) > 0.9


def test_plans_are_drawn_as_often_as_the_model_says() -> None:
    rng = np.random.default_rng(0)
    model, meters = fit_plan_model([random_plan(rng, 3) for _ in range(30)]), COMMON * 3
    drawn = [model.draw(meters, rng, upbeat=False) for _ in range(2000)]
    for wanted in [lags_to_plan(np.array(lag), np.zeros(3)) for lag in ([0, 0, 0], [0, 1, 1], [0, 1, 2])]:
        share = np.mean([np.array_equal(p.lag, wanted.lag) and not p.varied.any() for p in drawn])
        assert share == pytest.approx(np.exp(-nats(model, wanted, meters)), abs=0.025)


def test_a_measure_takes_up_only_measures_of_its_own_meter() -> None:
    meters = (Meter(4, 4), Meter(3, 4)) * 12
    rng = np.random.default_rng(1)
    model = fit_plan_model([random_plan(rng) for _ in range(20)])
    for plan in draw_many(model, meters):
        assert all(meters[n] == meters[source] for n, source in enumerate(plan.source) if source >= 0)
    with np.errstate(all="raise"):
        assert nats(model, lags_to_plan(np.array([0, 1]), np.zeros(2)), meters[:2]) == np.inf


def test_a_measure_of_a_meter_that_was_not_there_before_is_new() -> None:
    plans = draw_many(rondos(), (*COMMON * 19, Meter(3, 4)))
    assert {int(plan.lag[19]) for plan in plans} == {0}


def test_plans_may_be_far_longer_than_those_that_were_learned() -> None:
    plan = rondos().draw(COMMON * (REACH + 50), np.random.default_rng(0))
    assert plan.measures == REACH + 50
    assert plan.lag.max() <= REACH


def test_a_plan_for_no_measures_is_empty() -> None:
    assert rondos().draw((), np.random.default_rng(0)).measures == 0


def test_the_same_seed_gives_the_same_plan() -> None:
    model = fit_plan_model([random_plan(np.random.default_rng(seed)) for seed in range(20)])
    one, again = (model.draw(COMMON * 16, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(one.source, again.source)
    assert np.array_equal(one.varied, again.varied)


def test_upbeats_are_drawn_as_often_as_the_corpus_has_them_unless_told() -> None:
    upbeat = lags_to_plan(RONDO.lag, RONDO.varied, upbeat=True)
    model = fit_plan_model([upbeat] * 30 + [RONDO] * 10)
    assert np.mean([plan.upbeat for plan in draw_many(model, COMMON, 400)]) == pytest.approx(0.75, abs=0.06)
    assert not model.draw(COMMON, np.random.default_rng(0), upbeat=False).upbeat


def test_phrases_are_counted_from_the_measure_after_an_upbeat() -> None:
    later = lags_to_plan(np.r_[0, RONDO.lag], np.r_[False, RONDO.varied], upbeat=True)
    misplaced = lags_to_plan(RONDO.lag, RONDO.varied, upbeat=True)
    assert nats(rondos(), later, COMMON * 21) < 1 < 5 < nats(rondos(), misplaced, COMMON * 20)


def test_a_plan_like_those_of_the_corpus_is_less_surprising_than_another() -> None:
    other = random_plan(np.random.default_rng(0), 20)
    assert nats(rondos(), RONDO, COMMON * 20) < 5 < 20 < nats(rondos(), other, COMMON * 20)


def test_songs_that_repeat_nothing_teach_to_repeat_next_to_nothing() -> None:
    model = fit_plan_model([lags_to_plan(np.zeros(16), np.zeros(16))] * 100)
    assert np.mean([plan.lag > 0 for plan in draw_many(model, COMMON * 16)]) < 0.01


def test_no_plans_teach_nothing() -> None:
    with pytest.raises(ValueError, match="no plans"):
        fit_plan_model([])


def test_a_model_goes_through_json() -> None:
    model = fit_plan_model([random_plan(np.random.default_rng(seed)) for seed in range(20)])
    assert json_to_plan_model(json.loads(json.dumps(model.to_json()))) == model


def test_the_model_of_a_large_corpus_is_small() -> None:
    rng = np.random.default_rng(0)
    model = fit_plan_model([random_plan(rng, int(rng.integers(8, 40))) for _ in range(400)])
    assert len(json.dumps(model.to_json())) < 100_000


def test_a_model_of_a_later_format_is_refused() -> None:
    with pytest.raises(ModelError, match="update musicvae"):
        json_to_plan_model({**rondos().to_json(), "format": 2})


@pytest.mark.parametrize(
    "damage",
    [{"moves": [{}]}, {"lags": None}, {"changes": [1, 2, 3, 4, 5]}, {"upbeats": "many"}, {"format": "x"}],
)
def test_a_damaged_model_is_refused(damage: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="damaged"):
        json_to_plan_model({**rondos().to_json(), **damage})
