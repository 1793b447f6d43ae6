from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from musicvae.core.model_store.array_file import load_arrays, save_arrays
from musicvae.errors import ModelError

ARRAYS: dict[str, np.ndarray] = {"counts": np.arange(3), "means": np.ones((2, 3), np.float32)}
ABOUT = {"format": 4, "names": ["a", "Õ"]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save_arrays(tmp_path / "some.safetensors", ARRAYS, ABOUT)
    return tmp_path / "some.safetensors"


def test_arrays_and_what_is_said_about_them_come_back(path: Path) -> None:
    loaded = load_arrays(path, 4, lambda about, arrays: (about, arrays))
    assert loaded is not None
    about, arrays = loaded
    assert about == ABOUT
    assert arrays.keys() == ARRAYS.keys()
    assert all(np.array_equal(arrays[name], ARRAYS[name]) for name in ARRAYS)


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert load_arrays(tmp_path / "none", 4, lambda about, arrays: arrays) is None


def test_a_file_of_which_nothing_can_be_made_is_damaged(path: Path) -> None:
    def refuse(about: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        raise ValueError

    with pytest.raises(ModelError, match="is damaged: copy the folder anew, or train again"):
        load_arrays(path, 4, refuse)


def test_a_newer_format_asks_for_a_newer_program(path: Path) -> None:
    with pytest.raises(ModelError, match="another format than 3: update musicvae"):
        load_arrays(path, 3, lambda about, arrays: arrays)
