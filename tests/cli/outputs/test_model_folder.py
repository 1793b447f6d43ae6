from __future__ import annotations

from pathlib import Path

import pytest
import typer

from musicvae.errors import ModelError, OutputError
from musicvae_cli.outputs.model_folder import require_free_folder


def test_a_new_or_empty_folder_will_do(tmp_path: Path) -> None:
    require_free_folder(tmp_path / "new", resume=False, force=False)
    require_free_folder(tmp_path, resume=False, force=False)
    assert not (tmp_path / "new").exists()


def test_a_folder_with_the_beginnings_of_a_training_will_do(tmp_path: Path) -> None:
    (tmp_path / "prepared").mkdir()
    (tmp_path / "metrics.csv").touch()
    require_free_folder(tmp_path, resume=False, force=False)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "training.pt"])
def test_a_model_needs_resume_force_or_another_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(OutputError, match="holds a model: use --resume, --force or another --out"):
        require_free_folder(tmp_path, resume=False, force=False)
    require_free_folder(tmp_path, resume=False, force=True)


def test_somebodys_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").touch()
    with pytest.raises(OutputError, match="holds other files: name a folder of its own by --out"):
        require_free_folder(tmp_path, resume=False, force=False)


def test_only_a_training_can_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no training to resume"):
        require_free_folder(tmp_path, resume=True, force=False)
    (tmp_path / "training.pt").touch()
    require_free_folder(tmp_path, resume=True, force=False)
    with pytest.raises(typer.BadParameter, match="leave one out"):
        require_free_folder(tmp_path, resume=True, force=True)


def test_the_folder_must_be_possible(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its folder does not exist"):
        require_free_folder(tmp_path / "no" / "model", resume=False, force=False)
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="it is a file: name a folder"):
        require_free_folder(tmp_path / "file", resume=False, force=False)
