"""A folder of songs, small models that have learned nothing, and the program to try on them."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner, Result

from musicvae.core.model_store.model_folder import save_model
from musicvae.core.training import devices
from musicvae.measures.data.config import MeasureVAEConfig, SongKind
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.training_plans import save_plan_model
from musicvae.measures.folder.training_tunes import save_tune_index
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.writing import closest
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.form.plan_model import fit_plan_model
from musicvae.midi.form.plans import find_plan
from musicvae.midi.likeness.tune_index import index_tunes
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song
from musicvae_cli.main import app

Run = Callable[..., Result]
MUSIC = MeasureVAEConfig(
    "melody",
    ENSEMBLES["melody"],
    4,
    ("2/4", "3/4"),
    (0.75, 0.25),
    steps=12,
    styles=("jig", "reel"),
    kinds=(SongKind(style=1, meter=0, key=8, share=0.75), SongKind(style=2, meter=1, key=3, share=0.25)),
    latent=6,
    hidden=16,
    layers=2,
    encoder_hidden=16,
    features=24,
)


def make_tune(number: int, measures: int = 8, meter: Meter = Meter(2, 4)) -> Song:
    """Return a tune of eighths that go up and down; each number gives another, a longer one begins alike."""
    grid = Grid(4)
    eighths = measures * meter.steps(grid) // 2
    pitches = np.random.default_rng(number).integers(60, 72, eighths)
    notes = make_notes((2 * i, 2, pitch, 80, 0) for i, pitch in enumerate(pitches.tolist()))
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
    network = MeasureVAE(MUSIC)
    assert isinstance(network.decoder, NoteDecoder)
    # Sketches that have learned nothing say that there is nothing.
    network.decoder.trust.data.zero_()
    save_model(network, folder, MUSIC_MODELS)
    return folder


@pytest.fixture(scope="session")
def band(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an untrained model of bands, which writes few notes at a step."""
    folder = tmp_path_factory.mktemp("band")
    torch.manual_seed(0)
    network = MeasureVAE(replace(MUSIC, ensemble="band", parts=ENSEMBLES["band"]))
    assert isinstance(network.decoder, NoteDecoder)
    assert network.decoder.trust is not None
    network.decoder.trust.data.zero_()
    bias = network.decoder.say_symbol.layers[-1].get_parameter("bias")
    bias.data[network.decoder.alphabet.end] += 5
    save_model(network, folder, MUSIC_MODELS)
    return folder


@pytest.fixture(scope="session")
def informed(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the same model with the titles, phrases and plans of six tunes."""
    folder = tmp_path_factory.mktemp("informed")
    shutil.copytree(model, folder, dirs_exist_ok=True)
    tunes = [make_tune(number) for number in range(6)]
    save_tune_index(index_tunes(tunes), folder)
    save_plan_model(fit_plan_model([find_plan(tune) for tune in tunes]), folder)
    return folder


@pytest.fixture(scope="session")
def deaf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an untrained model whose decoder does not hear the song."""
    folder = tmp_path_factory.mktemp("deaf")
    torch.manual_seed(0)
    save_model(MeasureVAE(replace(MUSIC, decoder="conv")), folder, MUSIC_MODELS)
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the program: it is called with what is typed after `musicvae`, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MUSICVAE_MODEL", raising=False)
    monkeypatch.setattr(devices, "bf16_is_faster_here", lambda one_size: False)
    # No measure that an unlearned model says is near: to draw each 32 times more takes most of the time.
    monkeypatch.setattr(closest, "NEAR", math.inf)

    def run(*arguments: object, **options: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the figures of a training blank: to draw them takes longer than to learn for a step."""

    def leave_blank(figure: object, path: Path, *how: object) -> None:
        path.touch()

    for module in ("curves", "song_figures"):
        monkeypatch.setattr(f"musicvae.evaluate.drawing.{module}.write_picture", leave_blank)


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
