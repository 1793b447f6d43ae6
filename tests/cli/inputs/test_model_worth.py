from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from musicvae.core.model_store.model_files import TRAINING
from musicvae.measures.folder.model_worth import save_model_worth
from musicvae_cli.inputs.model_worth import say_worth

Run = Callable[..., Result]
COMMAND = "musicvae train 'my songs' --epochs=3 --out mine --kind ae --force"
HARDLY = "this model has hardly learned to read its codes (note F1 0.062 on unseen songs): "


def worth(folder: Path, note_f1: float, minutes: float = 1.0) -> Path:
    """Make a model folder say what its model is worth; it can go on being trained."""
    save_model_worth({"note_f1": note_f1}, COMMAND, minutes, folder)
    (folder / TRAINING).touch()
    return folder


def test_a_model_that_has_learned_is_not_spoken_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say_worth(worth(tmp_path, 0.5)) == ()
    assert capsys.readouterr().err == ""


def test_an_older_model_is_not_spoken_of(tmp_path: Path) -> None:
    assert say_worth(tmp_path) == ()


@pytest.mark.parametrize(("minutes", "longer"), [(0.1, 10), (10, 20), (12.2, 25)])
def test_a_model_that_has_hardly_learned_is_to_be_trained_for_twice_as_long(
    tmp_path: Path, minutes: float, longer: int
) -> None:
    [notice] = say_worth(worth(tmp_path, 0.062, minutes))
    command = f"musicvae train 'my songs' --kind ae --out {tmp_path} --minutes {longer} --resume"
    assert notice == f"{HARDLY}train it longer by `{command}`"


def test_a_model_that_is_here_without_its_training_cannot_go_on(tmp_path: Path) -> None:
    (worth(tmp_path, 0.062) / TRAINING).unlink()
    assert say_worth(tmp_path) == (f"{HARDLY}train one for longer, or take another",)


@pytest.fixture
def poor(model: Path, tmp_path: Path) -> Path:
    """Return the folder of a model that says that it has hardly learned."""
    return worth(shutil.copytree(model, tmp_path / "poor"), 0.062)


def test_commands_that_take_a_model_say_that_it_has_hardly_learned(run: Run, poor: Path, songs: Path) -> None:
    for command in (
        ("generate", "--n", 1, "--measures", 2, "new.mid"),
        ("compress", songs / "tune-1.mid", "small.mvz"),
        ("expand", "small.mvz", "same.mid"),  # looks for its model in another way
    ):
        result = run(*command, "--model", poor)
        assert result.exit_code == 0, result.output
        assert result.stderr.count(HARDLY) == 1, command


def test_programs_are_told_too(run: Run, poor: Path) -> None:
    result = run("generate", "--n", 1, "--measures", 2, "new.mid", "--model", poor, "--json")
    assert HARDLY in json.loads(result.stdout)["notices"][0]
