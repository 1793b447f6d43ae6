from __future__ import annotations

import json
from pathlib import Path

import pytest

from musicvae.errors import ModelError
from musicvae.measures.folder import shipped
from musicvae.measures.folder.shipped import DEFAULT, find_model, read_facts, shipped_models


def make_folder(path: Path, **config: object) -> Path:
    path.mkdir(parents=True)
    (path / "config.json").write_text(json.dumps(config))
    return path


def test_the_default_model_comes_with_musicvae_and_stands_first() -> None:
    assert next(iter(shipped_models())) == DEFAULT


def test_a_model_is_found_by_path_or_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shipped, "shipped_models", lambda: {"folk": Path("/pretrained/folk")})
    assert find_model("folk") == Path("/pretrained/folk")
    Path("folk").mkdir()
    Path("folk/jig.mid").touch()  # songs of that name are no model
    assert find_model("folk") == Path("/pretrained/folk")
    Path("folk/config.json").touch()
    assert find_model("folk") == Path("folk")
    assert find_model("polka") == Path("polka")


def test_what_is_known_of_a_model_is_read_without_loading_it(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "waltz", ensemble="melody", meters=["3/4"], styles=["slow"])
    facts = read_facts(folder)
    assert (facts.ensemble, facts.meters, facts.styles) == ("melody", ("3/4",), ("slow",))
    assert (facts.songs, facts.about) == (None, "")
    assert facts.size == (folder / "config.json").stat().st_size
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# waltz: slow waltzes\n\nThey are slow.\n")
    assert read_facts(folder).about == "slow waltzes"


@pytest.mark.parametrize("config", ["", "[]", "{}", '{"ensemble": "melody", "meters": 3}'])
def test_a_config_that_cannot_be_read_is_told(tmp_path: Path, config: str) -> None:
    (tmp_path / "config.json").write_text(config)
    with pytest.raises(ModelError, match="config.json cannot be read: copy the folder anew"):
        read_facts(tmp_path)


def test_a_model_of_pictures_is_none_of_music(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"format": 2, "kind": "pictures", "size": 28}')
    with pytest.raises(ModelError, match="does not hold a model of music"):
        read_facts(tmp_path)
