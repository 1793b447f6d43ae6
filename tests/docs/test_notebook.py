"""The notebook runs from its first cell to its last, and is what Jupyter opens."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.figure import Figure

import musicvae
from musicvae.compose.music_vae import MusicVAE
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.writing import closest
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.likeness.tune_index import index_tunes

ROOT = Path(__file__).parents[2]
NOTEBOOK = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))
CELLS = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
SONG = ROOT / "midi_data" / "folk" / "ryan" / "irish-wash-woman-jig.mid"
Namespace = dict[str, Any]


@pytest.fixture
def beside_the_songs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stand in a folder from which songs are found as from `docs/`, with figures that nobody sees."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "midi_data").symlink_to(ROOT / "midi_data")
    monkeypatch.chdir(tmp_path / "docs")
    plt.switch_backend("agg")
    yield
    plt.close("all")


def small_model() -> MusicVAE:
    """Return a model of melodies that has learned nothing."""
    torch.manual_seed(0)
    config = MeasureVAEConfig(
        "melody",
        ENSEMBLES["melody"],
        4,
        ("6/8",),
        (1.0,),
        steps=12,
        latent=6,
        hidden=16,
        layers=2,
        encoder_hidden=16,
        features=24,
    )
    network = MeasureVAE(config)
    assert isinstance(network.decoder, NoteDecoder)
    network.decoder.trust.data.zero_()  # its sketches say that there is nothing
    return MusicVAE(network.eval().requires_grad_(False), tunes=index_tunes([musicvae.read_song(SONG)]))


def run_cells() -> Namespace:
    """Return what the cells leave, with the value of each cell's last line as `shown`."""
    left: Namespace = {}
    shown = []
    for number, cell in enumerate(CELLS, start=1):
        *before, last = cell.rstrip().splitlines()
        try:
            value = compile(last, f"cell {number}", "eval")
        except SyntaxError:  # it is no expression, or not a whole one
            exec(compile(cell, f"cell {number}", "exec"), left)
            continue
        exec(compile("\n".join(before), f"cell {number}", "exec"), left)
        shown.append(eval(value, left))
    return {**left, "shown": shown}


def test_every_cell_runs(beside_the_songs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closest, "NEAR", math.inf)  # no reading is near: each is read once
    monkeypatch.setattr(musicvae, "load", lambda name: small_model(), raising=False)
    left = run_cells()
    assert left["codes"].shape == (9, 6)
    assert left["rolls"].shape == left["sketch"].shape == left["back"].shape == (9, 1, 2, 12, 128)
    assert [len(left[name]) for name in ("between", "pieces", "way")] == [5, 2, 5]
    assert sum(isinstance(value, Figure) for value in left["shown"]) == 3


def test_what_the_notebook_says_is_true_of_the_model_that_it_takes(beside_the_songs: None) -> None:
    left = run_cells()
    assert left["compare"](left["jig"], left["said"]).note_f1 > 0.9


def test_it_is_a_notebook_without_outputs() -> None:
    assert (NOTEBOOK["nbformat"], NOTEBOOK["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in NOTEBOOK["cells"]}) == len(NOTEBOOK["cells"])
    code = [cell for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(CELLS)


def test_what_it_points_to_is_there() -> None:
    assert (ROOT / "docs" / "autoencoders.md").is_file()
