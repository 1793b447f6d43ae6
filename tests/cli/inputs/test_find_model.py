from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from musicvae.errors import ModelError
from musicvae.measures.folder import shipped
from musicvae_cli.inputs.find_model import choose_model, open_model


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MUSICVAE_MODEL", raising=False)
    monkeypatch.setattr(
        shipped, "shipped_models", lambda: {path.name: path for path in (tmp_path / "pretrained").glob("*")}
    )


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
    make_folder("elsewhere")
    monkeypatch.setenv("MUSICVAE_MODEL", "elsewhere")
    assert choose_model(None) == (Path("elsewhere"), "elsewhere", "$MUSICVAE_MODEL")
    make_folder("mine")
    assert choose_model(Path("mine")) == (Path("mine"), "mine", "--model")


def test_a_model_that_comes_with_musicvae_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    make_folder("pretrained/chorales")
    assert choose_model(Path("chorales"))[1:] == ("chorales", "--model, comes with musicvae")
    monkeypatch.setenv("MUSICVAE_MODEL", "chorales")
    assert choose_model(None)[1:] == ("chorales", "$MUSICVAE_MODEL, comes with musicvae")


def test_a_name_that_is_neither_says_which_models_there_are(tmp_path: Path) -> None:
    make_folder("pretrained/folk")
    with pytest.raises(ModelError, match=r"no model folder polka \(--model\): .* \(folk\)"):
        choose_model(Path("polka"))


def test_a_training_that_has_no_model_yet_is_passed_over() -> None:
    make_folder("pretrained/folk")
    Path("musicvae-model").mkdir()
    assert choose_model(None).name == "folk"


def test_opening_a_model_says_which_one_it_is(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(model, "musicvae-model")
    with open_model(None) as opened:
        assert opened.network.config.ensemble == "melody"
        assert (opened.name, opened.plans, opened.tunes) == ("musicvae-model", None, None)
    assert capsys.readouterr().err == "model: musicvae-model (trained here)\n"


def test_what_a_model_knows_of_its_songs_comes_with_it(informed: Path) -> None:
    with open_model(informed) as opened:
        assert opened.plans is not None
        assert opened.tunes is not None
        assert opened.tunes.titles[:2] == ("Tune 0", "Tune 1")
