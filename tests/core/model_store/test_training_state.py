from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from musicvae.core.model_store.model_files import TRAINING
from musicvae.core.model_store.training_state import load_training, save_training
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
