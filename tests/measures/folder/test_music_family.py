from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from musicvae.core.categorical import GREEDY
from musicvae.core.model_store.model_folder import load_model, save_model
from musicvae.core.model_store.model_hash import identify
from musicvae.errors import ModelError
from musicvae.measures.data.config import MeasureVAEConfig, SongKind
from musicvae.measures.data.noisy_codes import exact
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_songs
from musicvae.measures.writing.song_writing import decode_songs
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song


@pytest.fixture
def model(config: MeasureVAEConfig) -> MeasureVAE:
    torch.manual_seed(0)
    return MeasureVAE(config).eval()


@pytest.fixture
def folder(model: MeasureVAE, tmp_path: Path) -> Path:
    """Return a model's folder."""
    save_model(model, tmp_path, MUSIC_MODELS)
    return tmp_path


def change_config(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize("decoder", ["recurrent", "conv"])
def test_a_loaded_model_says_what_the_saved_one_says(
    config: MeasureVAEConfig, tmp_path: Path, decoder: str
) -> None:
    torch.manual_seed(0)
    model = MeasureVAE(replace(config, decoder=decoder)).eval()
    save_model(model, tmp_path, MUSIC_MODELS)
    loaded = load_model(tmp_path, MUSIC_MODELS)
    song = Song(
        make_notes([(0, 8, 60, 80, 0), (8, 4, 62, 80, 1)]), (Meter(2, 4),) * 2, config.parts, config.grid
    )
    codes, again = encode_songs(model, [song]), encode_songs(loaded, [song])
    torch.testing.assert_close(codes[0], again[0])
    outlines = [SongOutline(song.meters)]
    assert decode_songs(model, outlines, [exact(codes[0])], GREEDY) == decode_songs(
        loaded, outlines, [exact(again[0])], GREEDY
    )


def test_config_and_weights_are_those_that_were_saved(model: MeasureVAE, folder: Path) -> None:
    loaded = load_model(folder, MUSIC_MODELS)
    assert loaded.config == model.config
    assert loaded.state_dict().keys() == model.state_dict().keys()
    assert all(torch.equal(loaded.state_dict()[name], weight) for name, weight in model.state_dict().items())


def test_kinds_of_songs_are_kinds_again(config: MeasureVAEConfig, folder: Path) -> None:
    kinds = load_model(folder, MUSIC_MODELS).config.kinds
    assert kinds == config.kinds
    assert all(isinstance(kind, SongKind) for kind in kinds)
    assert kinds[0].share == 0.75


def test_a_loaded_model_is_ready_to_write_and_not_to_learn(folder: Path) -> None:
    loaded = load_model(folder, MUSIC_MODELS)
    assert not loaded.training
    assert not any(weight.requires_grad for weight in loaded.parameters())
    assert not any(weight.is_meta for weight in loaded.state_dict().values())


def test_loading_draws_no_numbers(folder: Path) -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    load_model(folder, MUSIC_MODELS)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden": 32},
        {"parts": 7},
        {"parts": ["melody"]},
        {"parts": [{"name": "melody", "strings": 6}]},
        {"latent": "6"},
        {"latent": -1},
        {"hidden": None},
        {"hidden": 10**30},
        {"layers": "many"},
        {"meters": 5},
        {"decoder": "gru"},
        {"colour": "red"},
        {"kinds": 5},
        {"kinds": [[1, 2, 3]]},
        {"kinds": ["many"]},
        {"kinds": [[0, 3, 0, 1.0]]},
        {"styles": ["jig"]},
        {"reach": 4},
    ],
)
def test_a_config_that_does_not_fit_the_weights_is_refused(folder: Path, changes: dict[str, Any]) -> None:
    change_config(folder, **changes)
    with pytest.raises(ModelError, match="do not fit each other: copy the folder anew, or train again"):
        load_model(folder, MUSIC_MODELS)


@pytest.mark.parametrize("name", ["parts", "kinds", "steps"])
def test_a_config_with_something_missing_is_refused(folder: Path, name: str) -> None:
    config = json.loads((folder / "config.json").read_text())
    del config[name]
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="do not fit each other"):
        load_model(folder, MUSIC_MODELS)


def test_another_kind_of_model_is_refused(folder: Path) -> None:
    change_config(folder, kind="images")
    with pytest.raises(ModelError, match="does not hold a model of music"):
        load_model(folder, MUSIC_MODELS)


def test_the_version_is_the_third_one(folder: Path) -> None:
    assert json.loads((folder / "config.json").read_text())["format"] == 3


@pytest.mark.parametrize("version", [1, 2])
def test_a_model_of_an_earlier_version_is_to_be_trained_again(folder: Path, version: int) -> None:
    change_config(folder, format=version, sketch=True)
    sentence = "was trained by an earlier version of musicvae: train it again by `musicvae train SONGS --out "
    with pytest.raises(ModelError, match=sentence):
        load_model(folder, MUSIC_MODELS)


@pytest.mark.parametrize("changes", [{"format": 4}, {"format": None}])
def test_a_newer_version_is_refused(folder: Path, changes: dict[str, Any]) -> None:
    change_config(folder, **changes)
    with pytest.raises(ModelError, match="in another format than 3: update musicvae, or train again"):
        load_model(folder, MUSIC_MODELS)


def test_weights_that_are_cut_off_are_refused(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelError, match="damaged or cut off"):
        load_model(folder, MUSIC_MODELS)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model folder"):
        load_model(tmp_path / "none", MUSIC_MODELS)


def test_a_model_is_the_same_wherever_it_was_saved(
    make_model: Callable[..., MeasureVAE], tmp_path: Path
) -> None:
    model = make_model()
    save_model(model, tmp_path, MUSIC_MODELS)
    assert identify(load_model(tmp_path, MUSIC_MODELS), MUSIC_MODELS) == identify(model, MUSIC_MODELS)


def test_how_it_was_trained_makes_no_other_model(make_model: Callable[..., MeasureVAE]) -> None:
    other = make_model(dropout=0.5, hiding=2.0, bpm=80.0)
    assert identify(other, MUSIC_MODELS) == identify(make_model(), MUSIC_MODELS)


def test_other_weights_and_other_meters_make_another_model(make_model: Callable[..., MeasureVAE]) -> None:
    changed = make_model()
    with torch.no_grad():
        next(changed.parameters())[0] += 1e-6
    others = [make_model(), changed, make_model(meters=("3/4", "2/4", "1/8"))]
    assert len({identify(model, MUSIC_MODELS) for model in others}) == 3
