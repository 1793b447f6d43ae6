from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
import torch

from musicvae.core.model_store.model_family import ModelFamily
from musicvae.core.model_store.model_files import CONFIG, TRAINING, WEIGHTS, is_model_folder
from musicvae.core.model_store.model_folder import (
    load_model_folder,
    load_scores,
    save_card,
    save_config,
    save_model,
    save_scores,
    save_weights,
)
from musicvae.errors import ModelError

MUSIC: ModelFamily[Any] = ModelFamily("music", dict, MagicMock, (), (), "musicvae train", "songs")
TENSORS = {"encoder.weight": torch.randn(3, 2), "bias": torch.arange(4.0)}
TRUTH = {"latent": 4, "meters": ["3/4", "4/4"], "title": "Õ’Carolan"}


@dataclass(frozen=True)
class Sizes:
    """What a model is."""

    latent: int = 4


class Bomb:
    """What would write a file were it unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., int], tuple[Path, str]]:
        return Path.write_text, (self.path, "executed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a whole model folder."""
    save_config(tmp_path, MUSIC, TRUTH)
    save_weights(tmp_path, TENSORS)
    save_card(tmp_path, "# A model\n")
    return tmp_path


def write_config(folder: Path, **changes: object) -> None:
    fields = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    (folder / CONFIG).write_text(json.dumps({**fields, **changes}), encoding="utf-8")


def test_a_model_folder_gives_back_what_was_put_in(folder: Path) -> None:
    config, weights = load_model_folder(folder, MUSIC)
    assert config == TRUTH
    assert weights.keys() == TENSORS.keys()
    assert all(torch.equal(weights[name], TENSORS[name]) for name in TENSORS)
    assert (folder / "README.md").read_text() == "# A model\n"


def test_weights_that_are_views_or_need_gradients_are_kept(tmp_path: Path) -> None:
    matrix = torch.randn(3, 2, requires_grad=True)
    save_config(tmp_path, MUSIC, {})
    save_weights(tmp_path, {"transposed": matrix.T})
    assert torch.equal(load_model_folder(tmp_path, MUSIC).weights["transposed"], matrix.T)


def test_nothing_else_lies_in_the_folder_afterwards(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", CONFIG, WEIGHTS]


def test_a_missing_folder_is_named_with_the_way_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(
        ModelError, match=r"no model folder .*/none: train one by `musicvae train SONGS --out "
    ):
        load_model_folder(tmp_path / "none", MUSIC)


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=f"holds no {name}: name a folder that `musicvae train` wrote"):
        load_model_folder(folder, MUSIC)


@pytest.mark.parametrize("text", ["", "{", "\x00\xff", "[" * 100_000])
def test_a_config_that_is_not_json_is_refused(folder: Path, text: str) -> None:
    (folder / CONFIG).write_text(text, encoding="latin-1")
    with pytest.raises(ModelError, match=r"config.json cannot be read: copy the folder anew, or train again"):
        load_model_folder(folder, MUSIC)


@pytest.mark.parametrize("text", ["[]", "null", "7", '"music"'])
def test_a_config_that_is_no_object_is_refused(folder: Path, text: str) -> None:
    (folder / CONFIG).write_text(text)
    with pytest.raises(ModelError, match="does not describe a model"):
        load_model_folder(folder, MUSIC)


@pytest.mark.parametrize("number", [MUSIC.version + 1, None, "1", 0])
def test_another_format_is_refused(folder: Path, number: object) -> None:
    write_config(folder, format=number)
    with pytest.raises(
        ModelError, match=f"another format than {MUSIC.version}: update musicvae, or train again"
    ):
        load_model_folder(folder, MUSIC)


def test_a_model_of_an_earlier_version_is_to_be_trained_again(folder: Path) -> None:
    newer = MUSIC._replace(version=MUSIC.version + 1)
    sentence = (
        f"trained by an earlier version of musicvae: train it again by `musicvae train SONGS --out {folder}`"
    )
    with pytest.raises(ModelError, match=sentence):
        load_model_folder(folder, newer)


def test_another_kind_of_model_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="does not hold a model of images: name a folder that does"):
        load_model_folder(folder, MUSIC._replace(kind="images"))


@pytest.mark.parametrize("size", [0, 7, 40, -1])
def test_weights_that_are_cut_off_are_refused(folder: Path, size: int) -> None:
    data = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(data[:size])
    with pytest.raises(ModelError, match="damaged or cut off: copy the folder anew, or train again"):
        load_model_folder(folder, MUSIC)


def test_a_pickle_in_the_place_of_weights_is_not_executed(folder: Path) -> None:
    trace = folder / "trace"
    torch.save({"bias": Bomb(trace)}, folder / WEIGHTS)
    with pytest.raises(ModelError, match="damaged"):
        load_model_folder(folder, MUSIC)
    assert not trace.exists()


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS, TRAINING])
def test_the_beginning_of_a_model_makes_a_model_folder(tmp_path: Path, name: str) -> None:
    assert not is_model_folder(tmp_path)
    (tmp_path / name).touch()
    assert is_model_folder(tmp_path)


def test_scores_survive_a_round_trip(tmp_path: Path) -> None:
    save_scores(tmp_path, {"note_f1": 0.5, "without_code": None})
    assert load_scores(tmp_path) == {"note_f1": 0.5, "without_code": None}


def test_a_folder_need_not_say_any_scores(folder: Path) -> None:
    assert load_scores(folder) is None


def test_a_new_model_is_not_taken_for_as_good_as_the_one_before(folder: Path) -> None:
    save_scores(folder, {"note_f1": 0.9})
    save_model(MagicMock(state_dict=lambda: TENSORS, config=Sizes()), folder, MUSIC)
    assert load_scores(folder) is None
