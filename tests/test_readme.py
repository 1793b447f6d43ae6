"""The README is true: its commands run, its Python runs, and what it points to is there."""

from __future__ import annotations

import math
import re
import shlex
import shutil
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from musicvae import read_song, write_song
from musicvae.measures.writing import closest, continuing
from musicvae_cli.main import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MEASURES = 8  # of each song, so that commands take seconds
KINDS = "### AE, DAE and VAE"  # what stands there needs nothing that was made before
LEFT_OUT = (
    "corpus export",  # reads hundreds of scores; tests/midi/corpora/test_export.py runs it on a few
    "musicvae play",  # by loudspeakers; tests/cli/commands/sound/test_play.py plays by none
)


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def commands(program: str, text: str = README) -> list[str]:
    lines = [line.split("#")[0].strip() for block in blocks("bash", text) for line in block.splitlines()]
    return [line for line in lines if line.startswith(f"{program} ")]


def shortened(command: str) -> list[str]:
    """A training of seconds instead of minutes; everything else as it stands."""
    words = shlex.split(command)[1:]
    if "train" not in words[:2]:
        return words
    if "--epochs" in words:
        return [*words[: words.index("--epochs") + 1], "1", *words[words.index("--epochs") + 2 :]]
    if "--minutes" not in words:
        return [*words, "--minutes", "0.03"]
    index = words.index("--minutes") + 1
    return [*words[:index], str(0.003 * float(words[index])), *words[index + 1 :]]


def choose_songs(folder: Path, count: int) -> list[Path]:
    """Return a song in each of the commonest meters of a folder, so that each may be asked for."""
    songs = sorted(folder.rglob("*.mid"))
    meters = [read_song(song).meters[0] for song in songs]
    return [songs[meters.index(meter)] for meter, _ in Counter(meters).most_common(count)]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_trainings: None) -> Path:
    for collection, files in (("folk", 5), ("chorales", 3)):
        for song in choose_songs(ROOT / "midi_data" / collection, files):
            copy = tmp_path / song.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            write_song(read_song(song).opening(MEASURES), copy)
    for name, song in zip("ab", sorted((tmp_path / "midi_data" / "folk").rglob("*.mid")), strict=False):
        shutil.copy(song, tmp_path / f"{name}.mid")
    # A model trained for seconds misreads every code and repeats itself: to try again and again is in vain.
    monkeypatch.setattr(closest, "NEAR", math.inf)
    monkeypatch.setattr(continuing, "REDRAWN", 1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MUSICVAE_MODEL", raising=False)
    return tmp_path


def run_all(text: str) -> None:
    for command in commands("musicvae", text):
        if any(part in command for part in LEFT_OUT):
            continue
        result = CliRunner().invoke(app, shortened(command))
        assert result.exit_code == 0, f"{command}\n{result.output}"


def test_every_command_and_the_python_of_the_readme_run_in_their_order(workplace: Path) -> None:
    before, kinds = README.split(KINDS)
    run_all(before + kinds[kinds.index("\n#") :])
    for block in blocks("python"):
        exec(block, {})
    music = (
        "out.mid",
        "a-to-b.mid",
        "jigs.mid",
        "pieces-5.mid",
        "walk.mid",
        "song.mid",
        "same.mid",
        "pieces.wav",
    )
    pictures = ("roll.png", "musicvae-model/curves.png", "musicvae-model/reconstructions.png")
    for written in (*music, *pictures):
        assert (workplace / written).stat().st_size > 100, written


def test_every_command_for_kinds_and_pictures_runs(workplace: Path) -> None:
    section = README.split(KINDS)[1]
    run_all(section[: section.index("\n#")])
    of_training = ("folk-dae/model.safetensors", "images-model/curves.png")
    for written in ("steered.png", "textbook.png", "digits.npz", *of_training):
        assert (workplace / written).stat().st_size > 100, written


def test_the_readme_says_the_three_commands_of_the_user_first() -> None:
    assert commands("musicvae")[:3] == [
        "musicvae train midi_data/",
        "musicvae generate --n 5 out.mid",
        "musicvae interpolate a.mid b.mid",
    ]


@pytest.mark.parametrize("command", commands("make"))
def test_the_makefile_knows_what_the_readme_makes(command: str) -> None:
    target = command.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(((?!http)[^)#]+)\)", README))))
def test_what_the_readme_points_to_is_there(target: str) -> None:
    assert (ROOT / target).exists()
