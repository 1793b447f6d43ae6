from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from musicvae.core.model_store.model_folder import load_model
from musicvae.core.model_store.training_state import Session, load_training
from musicvae.core.training.report import Report
from musicvae.core.training.train_config import TrainConfig
from musicvae.errors import ModelError
from musicvae.images.data.arrays import Labelled
from musicvae.images.data.batches import BatchConfig
from musicvae.images.data.read import Pictures
from musicvae.images.likelihoods import binary_share
from musicvae.images.model import PictureAutoencoder
from musicvae.images.picture_family import PICTURE_MODELS
from musicvae.images.training import FIGURES, TrainingSetup, Validation, make_config, train

Draw = Callable[..., np.ndarray]
FIT = TrainConfig(epochs=2, checks=2, clip=100.0, learning_rate=5e-3)
SETUP = TrainingSetup(FIT, BatchConfig(8), latent=3, width=4)


@pytest.fixture
def pictures(discs: Draw) -> Pictures:
    train, validation, test = (Labelled(discs(count, seed=count), None) for count in (40, 8, 9))
    return Pictures(train, validation, test, (), "discs", False)


def test_the_config_suits_pictures_and_kind(pictures: Pictures, discs: Draw) -> None:
    vae = make_config(pictures, SETUP)
    assert (vae.size, vae.channels, vae.likelihood, vae.binarise) == (12, 1, "bernoulli", "dynamic")
    ae = make_config(pictures, replace(SETUP, autoencoder="ae"))
    assert (ae.likelihood, ae.std, ae.binarise) == ("gaussian", 0.1, None)
    spoken = make_config(pictures, replace(SETUP, likelihood="gaussian"))
    assert (spoken.likelihood, spoken.std) == ("gaussian", None)
    colour = replace(pictures, train=Labelled(discs(8, channels=3), None))
    assert make_config(colour, SETUP).likelihood == "logistic"


def test_pictures_are_binary_as_far_as_their_pixels_are() -> None:
    assert binary_share(np.array([0, 255, 10, 250, 128], np.uint8).reshape(1, 1, 1, 5)) == 0.8


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"autoencoder": "ae"},
        {"autoencoder": "dae", "noise": 0.3},
        {"likelihood": "logistic", "network": "dense"},
    ],
    ids=["vae", "ae", "dae", "dense"],
)
def test_a_training_leaves_a_model_that_can_be_loaded(
    accelerator: Accelerator, pictures: Pictures, tmp_path: Path, change: dict[str, Any]
) -> None:
    reports: list[Report] = []
    setup = replace(SETUP, **change)
    outcome = train(pictures, setup, Session(tmp_path, accelerator, reports.append))
    assert (outcome.reason, outcome.state.step) == ("done", 10)
    assert load_model(tmp_path, PICTURE_MODELS).config == make_config(pictures, setup)
    scores = [report.scores for report in reports if report.scores is not None]
    assert len(scores) == 2
    assert all(math.isfinite(score.loss) and set(score.figures) == set(FIGURES) for score in scores)
    assert (scores[-1].rate > 0) == (setup.autoencoder == "vae")


def test_it_learns(accelerator: Accelerator, pictures: Pictures, tmp_path: Path) -> None:
    reports: list[Report] = []
    setup = replace(SETUP, autoencoder="ae", fit=replace(SETUP.fit, epochs=30, checks=4))
    train(pictures, setup, Session(tmp_path, accelerator, reports.append))
    errors = [report.scores.figures["mse"] for report in reports if report.scores is not None]
    of_the_mean_picture = (pictures.validation.pictures / 255).var(0).mean()
    assert errors[-1] < 0.5 * of_the_mean_picture


def test_a_resumed_training_ends_where_an_uninterrupted_one_does(
    accelerator: Accelerator, pictures: Pictures, tmp_path: Path
) -> None:
    def interrupt(report: Report) -> None:
        if report.step == 6:
            raise KeyboardInterrupt

    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for folder in (whole, parts):
        folder.mkdir()
    train(pictures, SETUP, Session(whole, accelerator))
    assert train(pictures, SETUP, Session(parts, accelerator, interrupt)).reason == "interrupted"
    torch.manual_seed(99)  # whatever chance did in between
    assert train(pictures, SETUP, Session(parts, accelerator, resume=True)).reason == "done"
    ends = [load_training(folder)["model"] for folder in (whole, parts)]
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_another_setup_cannot_resume_a_training(
    accelerator: Accelerator, pictures: Pictures, tmp_path: Path
) -> None:
    train(pictures, SETUP, Session(tmp_path, accelerator))
    with pytest.raises(ModelError, match="was trained on other pictures or with other sizes"):
        train(pictures, replace(SETUP, latent=4), Session(tmp_path, accelerator, resume=True))


def test_a_validation_scores_alike_each_time(accelerator: Accelerator, pictures: Pictures) -> None:
    torch.manual_seed(0)
    setup = replace(SETUP, fit=replace(SETUP.fit, kl=SETUP.fit.kl._replace(beta=0.5)))
    model = PictureAutoencoder(make_config(pictures, setup)).eval()
    validation = Validation(pictures.validation.pictures, setup, accelerator)
    first, again = validation(model), validation(model)
    assert first == again
    assert first.loss == pytest.approx(first.distortion + 0.5 * first.rate)
