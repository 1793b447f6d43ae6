from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate import Accelerator
from torch import nn

from musicvae.core.model_store.model_family import ModelFamily
from musicvae.core.model_store.model_files import TRAINING, WEIGHTS
from musicvae.core.model_store.model_folder import save_model
from musicvae.core.model_store.training_state import (
    Session,
    compact_training,
    load_training,
    save_training,
)
from musicvae.core.objective import Loss, Weights
from musicvae.core.training.learner import Learner
from musicvae.errors import ModelError

TENSORS = {"encoder.weight": torch.randn(3, 2), "bias": torch.arange(4.0)}


class Bomb:
    """What would write a file were it unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., int], tuple[Path, str]]:
        return Path.write_text, (self.path, "executed")


def test_the_state_of_a_training_survives_a_round_trip(tmp_path: Path) -> None:
    state = {"state": {"step": 3, "best": 1.5}, "model": TENSORS, "config": {"meters": ("3/4",)}}
    save_training(tmp_path, state)
    again = load_training(tmp_path)
    assert again["state"] == state["state"]
    assert again["config"] == state["config"]
    assert torch.equal(again["model"]["bias"], TENSORS["bias"])


@dataclass(frozen=True)
class Sizes:
    """What a model is."""

    width: int = 300


class Wide(nn.Module):
    """A model of many weights, which are to fall as fast as they can."""

    def __init__(self, config: Sizes) -> None:
        super().__init__()
        self.config = config
        self.layer = nn.Linear(config.width, config.width)
        self.register_buffer("steps", torch.arange(3))

    def forward(self, batch: object, weights: Weights, generator: torch.Generator) -> Loss:
        total = sum((parameter.square().sum() for parameter in self.parameters()), torch.zeros(()))
        return Loss(total, total, total)


FAMILY: ModelFamily[Any] = ModelFamily(
    "music", lambda fields: Sizes(**fields), Wide, (), (), "musicvae train", "songs"
)


def learn(learner: Learner, steps: int = 5) -> None:
    for _ in range(steps):
        learner.step(None, 0.01, Weights(), torch.Generator())


@pytest.fixture
def ended(accelerator: Accelerator, tmp_path: Path) -> Learner:
    """Return what has learned in a training that has ended, and left its model and its state."""
    torch.manual_seed(0)
    learner = make_learner(accelerator)
    learn(learner)
    average: Any = learner.averaged.module
    save_model(average, tmp_path, FAMILY)
    save_training(tmp_path, {"state": {"step": 5, "waited": 6}, **learner.snapshot()}, Sizes())
    return learner


def make_model(width: int = 300) -> Any:  # it is no autoencoder, and does for one
    return Wide(Sizes(width))


def make_learner(accelerator: Accelerator) -> Learner:
    return Learner(make_model(), accelerator, weight_decay=0.0, average=0.9, clip=1.0)


def go_on(accelerator: Accelerator, folder: Path) -> Learner:
    state = Session(folder, accelerator, resume=True).begin(make_model(), FAMILY)
    assert state is not None
    assert state["state"]["step"] == 5
    learner = make_learner(accelerator)
    learner.go_on_from(state)
    return learner


def differences(these: dict[str, torch.Tensor], those: dict[str, torch.Tensor]) -> float:
    assert these.keys() == those.keys()
    return max(float((tensor - those[name]).abs().max()) for name, tensor in these.items())


def test_the_state_of_a_training_that_has_ended_takes_an_eighth_of_the_room(
    ended: Learner, tmp_path: Path
) -> None:
    before = (tmp_path / TRAINING).stat().st_size
    compact_training(tmp_path)
    assert (tmp_path / TRAINING).stat().st_size < before / 7


def test_a_training_that_has_ended_goes_on_nearly_where_it_ended(
    ended: Learner, accelerator: Accelerator, tmp_path: Path
) -> None:
    compact_training(tmp_path)
    again = go_on(accelerator, tmp_path).snapshot()
    assert differences(again["averaged"], ended.snapshot()["averaged"]) == 0
    assert 0 < differences(again["model"], ended.snapshot()["model"]) < 1e-4
    assert all(tensor.dtype in (torch.float32, torch.int64) for tensor in again["model"].values())


def test_a_training_that_was_not_compacted_goes_on_exactly(
    ended: Learner, accelerator: Accelerator, tmp_path: Path
) -> None:
    again = go_on(accelerator, tmp_path)
    for learner in (ended, again):
        learn(learner)
    assert differences(again.snapshot()["model"], ended.snapshot()["model"]) == 0


def test_whoever_goes_on_after_the_end_has_patience_again(ended: Learner, tmp_path: Path) -> None:
    compact_training(tmp_path)
    assert load_training(tmp_path)["state"] == {"step": 5, "waited": 0}


def test_a_training_that_goes_on_after_its_end_learns(
    ended: Learner, accelerator: Accelerator, tmp_path: Path
) -> None:
    compact_training(tmp_path)
    again = go_on(accelerator, tmp_path)
    before = again.snapshot()["model"]["layer.weight"].square().sum().item()
    learn(again)
    assert again.snapshot()["model"]["layer.weight"].square().sum().item() < before


def test_compacting_again_changes_nothing(ended: Learner, tmp_path: Path) -> None:
    compact_training(tmp_path)
    once = (tmp_path / TRAINING).read_bytes()
    compact_training(tmp_path)
    assert (tmp_path / TRAINING).read_bytes() == once


def test_an_ended_training_whose_model_is_gone_or_another_does_not_go_on(
    ended: Learner, accelerator: Accelerator, tmp_path: Path
) -> None:
    compact_training(tmp_path)
    save_model(make_model(20), tmp_path, FAMILY)
    with pytest.raises(ModelError, match="on other music or with other sizes"):
        go_on(accelerator, tmp_path)
    (tmp_path / WEIGHTS).unlink()
    with pytest.raises(ModelError, match=r"holds no model\.safetensors"):
        go_on(accelerator, tmp_path)


def test_a_training_does_not_go_on_with_other_songs_held_back(
    accelerator: Accelerator, tmp_path: Path
) -> None:
    session = Session(tmp_path, accelerator, resume=True, learned="these")
    session.save({"state": {}, "model": {}}, make_model(), FAMILY)
    assert session.begin(make_model(), FAMILY) is not None
    with pytest.raises(ModelError, match="songs that are now held back to score it: resume with the same"):
        session._replace(learned="others").begin(make_model(), FAMILY)


def test_a_folder_without_a_training_has_nothing_to_resume(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no training to resume: leave --resume out"):
        load_training(tmp_path)


@pytest.mark.parametrize(
    "data",
    [b"", b"garbage", b"a" * 3000, b"PK\x03\x04" + b"x" * 100, pickle.dumps({"a": 1}, 2), pickle.dumps(7, 2)],
)
def test_a_training_that_is_damaged_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / TRAINING).write_bytes(data)
    with pytest.raises(ModelError, match=r"training.pt is damaged: begin anew by --force"):
        load_training(tmp_path)


def test_a_training_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    save_training(tmp_path, {"model": TENSORS})
    data = (tmp_path / TRAINING).read_bytes()
    (tmp_path / TRAINING).write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match="is damaged"):
        load_training(tmp_path)


def test_a_training_with_code_in_it_is_refused_and_not_executed(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    torch.save({"state": Bomb(trace)}, tmp_path / TRAINING)
    with pytest.raises(ModelError, match="is damaged"):
        load_training(tmp_path)
    assert not trace.exists()
