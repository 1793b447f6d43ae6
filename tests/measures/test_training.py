from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from musicvae.core.model_folder import load_training, save_training
from musicvae.core.objective import KLWeight
from musicvae.core.train_config import TrainConfig
from musicvae.core.training import Report
from musicvae.errors import ModelError
from musicvae.measures.model import MeasureVAE
from musicvae.measures.model_folder import load_model
from musicvae.measures.prepared import Choice, Prepared
from musicvae.measures.store import songs_to_store
from musicvae.measures.training import Plan, Split, Validation, make_config, split, train
from musicvae.measures.windows import WindowPlan
from musicvae.midi.file_report import FileReport
from musicvae.midi.parts import ENSEMBLES
from musicvae.midi.song import Grid, Meter, Song, make_notes

PARTS = ENSEMBLES["melody"]
PLAN = Plan(
    fit=TrainConfig(epochs=2, learning_rate=3e-3, kl=KLWeight(0.05, 0.2), checks=2),
    windows=WindowPlan(measures=2, steps=64),
    latent=4,
    hidden=16,
    layers=1,
    dropout=0.1,
    validation=0.2,
)


def make_prepared(*meters: Meter, tempi: tuple[float, ...] = (90.0, 100.0, 120.0)) -> Prepared:
    """Return ten songs of four measures."""
    songs = []
    for index in range(10):
        own = (meters or (Meter(2, 4),))[index % max(1, len(meters))]
        beats = own.steps(Grid(4))  # of four measures, a quarter of their steps
        rows = [(4 * beat, 4, 60 + (index + 2 * beat) % 12, 80, 0) for beat in range(beats)]
        songs.append(Song(make_notes(rows), (own,) * 4, PARTS, Grid(4)))
    reports = tuple(FileReport(Path(f"{bpm}.mid"), "ok", songs=1, tempo=bpm) for bpm in tempi)
    rejected = FileReport(Path("none.mid"), "rejected", "no notes", tempo=0.0)
    return Prepared(songs_to_store(songs), Choice(Grid(4), "melody", ()), (*reports, rejected), reused=False)


PREPARED = make_prepared()


def weights_of(model: MeasureVAE) -> list[torch.Tensor]:
    return list(model.state_dict().values())


def test_the_config_is_made_for_the_music() -> None:
    config = make_config(make_prepared(Meter(2, 4), Meter(2, 4), Meter(6, 8)), PLAN)
    assert config.meters == ("2/4", "6/8")
    assert config.meter_shares == pytest.approx((0.7, 0.3))
    assert (config.steps, config.bpm, config.parts) == (12, 100.0, PARTS)
    assert (config.latent, config.hidden, config.layers, config.dropout) == (4, 16, 1, 0.1)


def test_songs_are_split_by_the_seed_and_one_at_least_is_kept_back() -> None:
    chosen = split(PREPARED.store, PLAN)
    assert sorted([*chosen.train, *chosen.validation]) == list(range(10))
    assert len(chosen.validation) == 2
    assert len(split(PREPARED.store, replace(PLAN, validation=0.0)).validation) == 1


@pytest.mark.parametrize("decoder", ["recurrent", "conv"])
def test_a_training_leaves_a_model_that_can_be_loaded(
    accelerator: Accelerator, tmp_path: Path, decoder: str
) -> None:
    reports: list[Report] = []
    outcome = train(PREPARED, tmp_path, replace(PLAN, decoder=decoder), accelerator, reports.append)
    assert outcome.reason == "done"
    assert load_model(tmp_path).config == make_config(PREPARED, replace(PLAN, decoder=decoder))
    scores = [report.scores for report in reports if report.scores is not None]
    assert len(scores) == 2
    assert all(math.isfinite(score.loss) and 0 <= score.accuracy <= 1 for score in scores)
    assert math.isnan(scores[0].without_code) == (decoder == "conv")


def test_the_same_seed_gives_the_same_model(accelerator: Accelerator, tmp_path: Path) -> None:
    models = []
    for name, seed in (("first", 0), ("again", 0), ("other", 1)):
        (tmp_path / name).mkdir()
        plan = replace(PLAN, fit=replace(PLAN.fit, seed=seed))
        train(PREPARED, tmp_path / name, plan, accelerator)
        models.append(weights_of(load_model(tmp_path / name)))
    first, again, other = models
    assert all(map(torch.equal, first, again))
    assert not all(map(torch.equal, first, other))


def test_a_resumed_training_gives_the_model_of_an_uninterrupted_one(
    accelerator: Accelerator, tmp_path: Path
) -> None:
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    whole.mkdir()
    stopped.mkdir()
    train(PREPARED, whole, PLAN, accelerator)

    def press_ctrl_c(report: Report) -> None:
        if report.step == 7:
            raise KeyboardInterrupt

    assert train(PREPARED, stopped, PLAN, accelerator, press_ctrl_c).reason == "interrupted"
    assert train(PREPARED, stopped, PLAN, accelerator, resume=True).reason == "done"
    assert load_training(stopped)["state"]["step"] == load_training(whole)["state"]["step"] > 7
    assert all(map(torch.equal, weights_of(load_model(whole)), weights_of(load_model(stopped))))


def test_a_training_of_another_model_is_not_resumed(accelerator: Accelerator, tmp_path: Path) -> None:
    train(PREPARED, tmp_path, PLAN, accelerator)
    with pytest.raises(ModelError, match="on other music or with other sizes: resume with the same songs"):
        train(PREPARED, tmp_path, replace(PLAN, latent=5), accelerator, resume=True)
    with pytest.raises(ModelError, match="on other music or with other sizes"):
        train(make_prepared(Meter(3, 4)), tmp_path, PLAN, accelerator, resume=True)


def test_what_is_no_training_of_music_is_not_resumed(accelerator: Accelerator, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no training to resume"):
        train(PREPARED, tmp_path, PLAN, accelerator, resume=True)
    save_training(tmp_path, {"state": {}})
    with pytest.raises(ModelError, match="on other music"):
        train(PREPARED, tmp_path, PLAN, accelerator, resume=True)


def test_songs_may_be_chosen_by_the_caller(accelerator: Accelerator, tmp_path: Path) -> None:
    reports: list[Report] = []
    chosen = Split(np.array([3]), np.array([5]))
    train(PREPARED, tmp_path, PLAN, accelerator, reports.append, songs=chosen)
    assert reports[-1].epoch == 2
    assert reports[-1].step == 2  # all of one song's windows are one batch


def test_a_validation_scores_alike_each_time(accelerator: Accelerator) -> None:
    config = make_config(PREPARED, PLAN)
    torch.manual_seed(0)
    model = MeasureVAE(config).eval()
    validation = Validation(PREPARED.store, np.array([1, 4]), config, PLAN, accelerator)
    first, again = validation(model), validation(model)
    assert first == again
    beta = PLAN.fit.kl.beta
    assert first.loss == pytest.approx(first.distortion + beta * first.rate + first.without_code)
