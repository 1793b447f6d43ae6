from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from musicvae.core.model_store.model_folder import load_model, save_config, save_model
from musicvae.core.model_store.model_hash import identify
from musicvae.errors import ModelError
from musicvae.images.data.config import PictureConfig
from musicvae.images.model import PictureAutoencoder
from musicvae.images.picture_family import PICTURE_MODELS, parse_config

DAE = PictureConfig("dae", 8, latent=3, width=4, std=0.1, noise=0.3)
CONFIG = PictureConfig("vae", 12, latent=3, width=4, likelihood="bernoulli", binarise="dynamic")


@pytest.fixture
def model() -> PictureAutoencoder:
    torch.manual_seed(0)
    return PictureAutoencoder(CONFIG).eval()


def test_a_model_comes_back_as_it_was(model: PictureAutoencoder, tmp_path: Path) -> None:
    save_model(model, tmp_path, PICTURE_MODELS)
    loaded = load_model(tmp_path, PICTURE_MODELS)
    x = torch.rand(2, 1, 12, 12)
    assert loaded.config == CONFIG
    assert torch.equal(loaded.encode(x), model.encode(x))
    assert torch.equal(loaded.decode(loaded.encode(x)), model.decode(model.encode(x)))
    assert not loaded.training


def test_loading_draws_on_nobodys_chance(model: PictureAutoencoder, tmp_path: Path) -> None:
    save_model(model, tmp_path, PICTURE_MODELS)
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    load_model(tmp_path, PICTURE_MODELS)
    assert torch.equal(torch.rand(3), expected)


def test_a_folder_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="train one by `musicvae images train DATA --out"):
        load_model(tmp_path / "nowhere", PICTURE_MODELS)


def test_a_model_of_music_is_refused(model: PictureAutoencoder, tmp_path: Path) -> None:
    save_model(model, tmp_path, PICTURE_MODELS)
    save_config(tmp_path, PICTURE_MODELS._replace(kind="music"), {"latent": 64})
    with pytest.raises(ModelError, match="does not hold a model of pictures"):
        load_model(tmp_path, PICTURE_MODELS)


@pytest.mark.parametrize("change", [{"latent": 4}, {"kindly": 1}, {"size": 7}, {"autoencoder": "gan"}])
def test_a_config_that_does_not_fit_is_refused(
    model: PictureAutoencoder, tmp_path: Path, change: dict[str, object]
) -> None:
    save_model(model, tmp_path, PICTURE_MODELS)
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(ModelError, match="do not fit each other"):
        load_model(tmp_path, PICTURE_MODELS)


def make_model(config: PictureConfig, seed: int = 0) -> PictureAutoencoder:
    torch.manual_seed(seed)
    return PictureAutoencoder(config)


def test_a_model_is_the_same_wherever_it_lies(tmp_path: Path) -> None:
    model = make_model(DAE)
    save_model(model, tmp_path, PICTURE_MODELS)
    assert identify(load_model(tmp_path, PICTURE_MODELS), PICTURE_MODELS) == identify(model, PICTURE_MODELS)


def test_other_weights_are_another_model_and_other_noise_in_training_is_not() -> None:
    this = identify(make_model(DAE), PICTURE_MODELS)
    assert identify(make_model(DAE, 1), PICTURE_MODELS) != this
    assert identify(make_model(replace(DAE, std=0.2)), PICTURE_MODELS) != this
    assert identify(make_model(replace(DAE, noise=0.5)), PICTURE_MODELS) == this


def test_a_training_by_an_earlier_version_called_the_autoencoder_a_kind() -> None:
    fields = asdict(DAE)
    assert parse_config({"kind": fields.pop("autoencoder"), **fields}) == DAE
