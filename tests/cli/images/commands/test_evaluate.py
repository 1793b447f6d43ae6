from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from typer.testing import Result

from musicvae.core.model_store.model_folder import save_model
from musicvae.images.data.config import PictureConfig
from musicvae.images.model import PictureAutoencoder
from musicvae.images.picture_family import PICTURE_MODELS

Run = Callable[..., Result]
Refused = Callable[[Result], str]
EVALUATE = ("images", "evaluate")
VAE = PictureConfig("vae", 8, latent=3, width=4, likelihood="logistic")


@pytest.fixture
def digits_model(run: Run) -> Path:
    """Return the folder of an untrained model of digits, where a training would leave it."""
    torch.manual_seed(0)
    Path("images-model").mkdir()
    save_model(PictureAutoencoder(VAE), Path("images-model"), PICTURE_MODELS)
    return Path("images-model")


def test_figures_are_one_json_object(run: Run, digits_model: Path) -> None:
    result = run(*EVALUATE, "--importance-samples", 5, "--json")
    assert result.exit_code == 0, result.output
    scores = json.loads(result.stdout)
    assert (scores["pictures"], scores["importance_samples"], scores["data"]) == (180, 5, "digits")
    assert scores["elbo_nats"] == pytest.approx(-scores["rate_nats"] - scores["distortion_nats"])
    assert 0 < scores["bits_per_dimension"] < 20
    assert "model: images-model (vae, 3 numbers a code, logistic)" in result.stderr
    assert result.stdout == run(*EVALUATE, "--importance-samples", 5, "--json").stdout


def test_figures_of_a_single_picture_are_json_too(run: Run, digits_model: Path) -> None:
    result = run(*EVALUATE, "--most", 1, "--importance-samples", 2, "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert (said["pictures"], said["nll_standard_error"]) == (1, None)


def test_figures_are_a_table_for_people(run: Run, digits_model: Path) -> None:
    result = run(*EVALUATE, "digits", "--model", digits_model, "--most", 20)
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines() if line.strip()]
    assert ["pictures", "20"] in lines
    assert any(line[:2] == ["PSNR,", "dB"] for line in lines)
    assert not any("samples," in line for line in lines)


def test_the_help_does_not_say_that_a_seed_makes_the_split(run: Run) -> None:
    shown = " ".join(run(*EVALUATE, "--help").stdout.replace("│", " ").split())
    assert "Same seed, same draws; the split is the model's own." in shown


def test_without_a_model_it_says_how_to_make_one(run: Run, refused: Refused) -> None:
    sentence = refused(run(*EVALUATE))
    assert "there is no model of pictures yet: train one by `musicvae images train`" in sentence


def test_a_model_of_music_is_refused_and_one_of_pictures_by_music(
    run: Run, refused: Refused, model: Path, songs: Path, digits_model: Path
) -> None:
    assert "does not hold a model of pictures" in refused(run(*EVALUATE, "--model", model))
    assert "does not hold a model of music" in refused(run("evaluate", songs, "--model", digits_model))
