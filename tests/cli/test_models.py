from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from musicvae.errors import ModelError
from musicvae_cli import models
from musicvae_cli.models import choose_model, open_model


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MUSICVAE_MODEL", raising=False)
    monkeypatch.setattr(models, "_shipped_models", lambda: tmp_path / "pretrained")


def make_folder(name: str) -> None:
    Path(name).mkdir(parents=True)
    Path(name, "config.json").touch()


def test_without_any_model_the_error_says_how_to_train_one() -> None:
    with pytest.raises(ModelError, match="train one by `musicvae train SONGS`"):
        choose_model(None)


def test_the_nearest_model_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    make_folder("pretrained/folk")
    assert choose_model(None)[1:] == ("folk", "comes with musicvae")
    make_folder("musicvae-model")
    assert choose_model(None) == (Path("musicvae-model"), "musicvae-model", "trained here")
    monkeypatch.setenv("MUSICVAE_MODEL", "elsewhere")
    assert choose_model(None) == (Path("elsewhere"), "elsewhere", "$MUSICVAE_MODEL")
    assert choose_model(Path("mine")) == (Path("mine"), "mine", "--model")


def test_a_training_that_has_no_model_yet_is_passed_over() -> None:
    make_folder("pretrained/folk")
    Path("musicvae-model").mkdir()
    assert choose_model(None).name == "folk"


def test_opening_a_model_says_which_one_it_is(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(model, "musicvae-model")
    with open_model(None) as opened:
        assert opened.model.config.ensemble == "melody"
        assert opened.name == "musicvae-model"
    assert capsys.readouterr().err == "model: musicvae-model (trained here)\n"
