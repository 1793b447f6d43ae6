"""A folder of songs, a small model that has learned nothing, and the program to try on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner, Result

from musicvae.core import devices
from musicvae.measures.config import MeasureVAEConfig
from musicvae.measures.model import MeasureVAE
from musicvae.measures.model_folder import save_model
from musicvae.midi.parts import ENSEMBLES
from musicvae.midi.song import Grid, Meter, Part, Song, make_notes
from musicvae.midi.writer import write_song
from musicvae_cli.main import app

Run = Callable[..., Result]


def make_tune(number: int, measures: int = 8, meter: Meter = Meter(2, 4)) -> Song:
    """Return a tune of eighths that go up and down; each number gives another."""
    grid = Grid(4)
    eighths = measures * meter.steps(grid) // 2
    notes = make_notes((2 * i, 2, 60 + (i * (1 + number % 5) + number) % 12, 80, 0) for i in range(eighths))
    return Song(notes, (meter,) * measures, (Part("fiddle", program=40),), grid, title=f"Tune {number}")


@pytest.fixture
def tune() -> Callable[..., Song]:
    """Return what makes tunes."""
    return make_tune


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of six tunes in 2/4; somebody else's, since they say nothing of where they are from."""
    folder = tmp_path_factory.mktemp("songs")
    for number in range(6):
        write_song(make_tune(number), folder / f"tune-{number}.mid")
    return folder


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an untrained model of melodies in 2/4 and 3/4."""
    folder = tmp_path_factory.mktemp("model")
    torch.manual_seed(0)
    music = MeasureVAEConfig("melody", ENSEMBLES["melody"], 4, ("2/4", "3/4"), (0.75, 0.25), steps=12)
    config = replace(music, latent=6, hidden=16, layers=2, encoder_hidden=16, features=24)
    save_model(MeasureVAE(config), folder)
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the program: it is called with what is typed after `musicvae`, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MUSICVAE_MODEL", raising=False)
    monkeypatch.setattr(devices, "bf16_is_faster_here", lambda: False)

    def run(*arguments: object, **options: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def refused() -> Callable[[Result], str]:
    """Return a check that a command ended with exit code 1 and one sentence, which it returns."""

    def sentence(result: Result) -> str:
        assert result.exit_code == 1, result.output
        assert result.stdout == ""
        said = [line for line in result.stderr.splitlines() if line.startswith("musicvae: ")]
        assert said == result.stderr.splitlines()[-1:], result.stderr
        return said[0]

    return sentence
