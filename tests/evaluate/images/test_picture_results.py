from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from musicvae.core.model_store.model_folder import load_model, save_model
from musicvae.core.model_store.model_hash import identify
from musicvae.core.training.fit import Outcome, State
from musicvae.core.training.train_config import TrainConfig
from musicvae.evaluate.images.picture_results import (
    reconstruction_lines,
    write_picture_results,
)
from musicvae.evaluate.training import Training
from musicvae.images.code_statistics import load_cloud
from musicvae.images.coding import encode_pictures
from musicvae.images.data.arrays import Labelled
from musicvae.images.data.config import PictureConfig
from musicvae.images.data.read import Pictures
from musicvae.images.model import PictureAutoencoder
from musicvae.images.picture_family import PICTURE_MODELS
from musicvae.images.training import TrainingSetup
from musicvae.provenance import Provenance

AE = PictureConfig("ae", 8, latent=3, width=4, std=0.1)
DAE = PictureConfig("dae", 8, latent=3, width=4, std=0.1, noise=0.3)
PART = Labelled(np.random.default_rng(0).integers(0, 256, (15, 1, 8, 8)).astype(np.uint8), None)
HISTORY = {"step": [1.0, 2.0], "loss": [3.0, 2.0], "validation_psnr": [math.nan, 9.0]}

PictureTraining = Training[Pictures, TrainingSetup]


@pytest.fixture
def training(tmp_path: Path) -> PictureTraining:
    pictures = Pictures(PART, PART, PART, (), "noise", False)
    made = Provenance("musicvae images train noise", 0, "", ("noise",), "0.1.0")
    return Training(pictures, TrainingSetup(TrainConfig(epochs=1)), tmp_path, made)


def test_a_training_leaves_card_curves_and_reconstructions(
    training: PictureTraining,
) -> None:
    save_model(PictureAutoencoder(AE), training.folder, PICTURE_MODELS)
    outcome = Outcome("done", State(step=12, seconds=90, best=1.0))
    scores = write_picture_results(training, outcome, HISTORY)
    assert scores is not None
    names = {path.name for path in training.folder.iterdir()}
    assert names >= {"README.md", "curves.png", "reconstructions.png"}
    card = (training.folder / "README.md").read_text()
    assert "12 steps in 1.5 minutes" in card
    assert f"| squared error a pixel | {scores.mse:.5f} |" in card


def test_a_training_leaves_where_the_codes_of_its_pictures_lie(
    training: PictureTraining,
) -> None:
    save_model(PictureAutoencoder(AE), training.folder, PICTURE_MODELS)
    write_picture_results(training, Outcome("done", State(step=12, seconds=90, best=1.0)), HISTORY)
    model = load_model(training.folder, PICTURE_MODELS)
    cloud = load_cloud(training.folder, identify(model, PICTURE_MODELS), 3)
    assert cloud is not None
    assert torch.allclose(cloud.mean, encode_pictures(model, PART.pictures).mean(0), atol=1e-6)


def test_a_training_without_a_model_leaves_curves_alone(training: PictureTraining) -> None:
    assert write_picture_results(training, Outcome("interrupted", State(step=1)), HISTORY) is None
    assert [path.name for path in training.folder.iterdir()] == ["curves.png"]


def test_a_dae_is_shown_with_what_it_was_given() -> None:
    torch.manual_seed(0)
    lines = reconstruction_lines(PictureAutoencoder(DAE).eval(), PART.pictures, seed=0)
    assert [line.caption for line in lines] == ["original", "noisy", "denoised"]
    assert not np.array_equal(lines[0].pictures, lines[1].pictures)
    lines = reconstruction_lines(PictureAutoencoder(AE).eval(), PART.pictures, seed=0)
    assert [line.caption for line in lines] == ["original", "reconstruction"]
    assert all(line.pictures.shape == PART.pictures.shape for line in lines)
