from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from musicvae.measures.folder import shipped

Run = Callable[..., Result]


@pytest.fixture
def pretrained(informed: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of the shipped models folk, which knows its songs, and chorales, which does not."""
    folder = tmp_path / "pretrained"
    shutil.copytree(informed, folder / "folk")
    (folder / "folk" / "README.md").write_text("---\nlicense: mit\n---\n\n# folk: fiddle tunes\n\nWords.\n")
    shutil.copytree(model, folder / "chorales")
    names = ("folk", "chorales")
    monkeypatch.setattr(shipped, "shipped_models", lambda: {name: folder / name for name in names})
    return folder


@pytest.mark.usefixtures("pretrained")
def test_each_model_is_a_line_and_the_one_that_is_taken_is_named(run: Run) -> None:
    result = run("models")
    assert result.exit_code == 0, result.output
    heading, folk, chorales, taken = [line.split() for line in result.stdout.splitlines()]
    assert heading == ["name", "parts", "meters", "songs", "size", "what", "it", "is"]
    assert folk[:5] == ["folk", "melody", "2/4,", "3/4", "6"]
    assert folk[-2:] == ["fiddle", "tunes"]
    assert chorales[:5] == ["chorales", "melody", "2/4,", "3/4", "?"]
    assert taken == ["taken:", "folk", "(comes", "with", "musicvae)"]


def test_the_json_has_all_that_is_known(run: Run, pretrained: Path) -> None:
    said = json.loads(run("models", "--model", "chorales", "--json").stdout)
    folk, chorales = said["models"]
    size = folk.pop("size")
    assert size == sum(file.stat().st_size for file in (pretrained / "folk").iterdir())
    assert folk == {
        "name": "folk",
        "folder": str(pretrained / "folk"),
        "ensemble": "melody",
        "meters": ["2/4", "3/4"],
        "styles": ["jig", "reel"],
        "songs": 6,
        "about": "fiddle tunes",
    }
    assert (chorales["songs"], chorales["about"]) == (None, "")
    assert said["taken"] == {"name": "chorales", "why": "--model, comes with musicvae"}


@pytest.mark.usefixtures("pretrained")
def test_a_model_of_ones_own_is_listed_where_it_is_taken(run: Run, model: Path) -> None:
    shutil.copytree(model, "musicvae-model")
    lines = run("models").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["folk", "chorales", "musicvae-model", "taken:"]
    assert lines[-1] == "taken: musicvae-model (trained here)"


@pytest.mark.usefixtures("pretrained")
def test_a_model_is_taken_by_its_name(run: Run) -> None:
    result = run("generate", "--n", 1, "--measures", 1, "--model", "chorales", "out.mid")
    assert result.exit_code == 0, result.output
    assert "model: chorales (--model, comes with musicvae)" in result.stderr


@pytest.mark.usefixtures("pretrained")
def test_a_model_that_is_not_there_is_told_in_a_sentence(run: Run, refused: Callable[[Result], str]) -> None:
    assert "no model folder polka" in refused(run("models", "--model", "polka"))
