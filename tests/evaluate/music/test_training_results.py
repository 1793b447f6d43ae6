from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from musicvae.core.model_store.model_folder import save_model
from musicvae.core.training.fit import Outcome, State
from musicvae.evaluate.drawing.curves import write_curves
from musicvae.evaluate.music.training_results import (
    store_to_openings,
    write_reconstructions,
    write_results,
)
from musicvae.evaluate.training import Training
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import songs_to_store
from musicvae.measures.folder.model_worth import ModelWorth, load_model_worth
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.preparing.prepared import Choice, Prepared
from musicvae.measures.training import TrainingSetup, split
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.arranging.ensembles import find_ensemble
from musicvae.midi.reading.reader import read_song
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Song
from musicvae.provenance import Provenance, read_provenance

MusicTraining = Training[Prepared, TrainingSetup]


@pytest.fixture
def config() -> MeasureVAEConfig:
    music = MeasureVAEConfig("melody", ENSEMBLES["melody"], 4, ("2/4",), (1.0,), steps=8, bpm=90.0)
    return replace(music, latent=4, hidden=8, layers=1, encoder_hidden=8, features=8)


def make_song(title: str, measures: int) -> Song:
    notes = make_notes((8 * measure, 4, 60, 80, 0) for measure in range(measures))
    return Song(notes, (Meter(2, 4),) * measures, ENSEMBLES["melody"], Grid(4), title=title)


def test_openings_are_the_first_measures_at_the_tempo_of_the_model(config: MeasureVAEConfig) -> None:
    store = songs_to_store([make_song("a", 20), make_song("b", 3)])
    songs = store_to_openings(store, [1, 0], config)
    assert [(song.title, song.measures, song.bpm) for song in songs] == [("b", 3, 90.0), ("a", 16, 90.0)]


def test_reconstructions_are_heard_after_their_originals(config: MeasureVAEConfig, tmp_path: Path) -> None:
    pairs = [(make_song(title, 2), make_song("", 2)) for title in ("Reel", "", "Jig")]
    write_reconstructions(pairs, tmp_path, Provenance("musicvae train songs"))
    assert (tmp_path / "reconstructions.png").is_file()
    heard = read_song(tmp_path / "reconstructions.mid", config.grid)
    assert heard.measures == 3 * 2 * 2
    assert heard.cut(0, 2).notes["pitch"].tolist() == [60, 60]
    text = (tmp_path / "reconstructions.mid").read_bytes()
    for marker in (b"original: Reel", b"original: song 2", b"original: Jig"):
        assert marker in text
    assert text.count(b"reconstruction") >= 3
    assert read_provenance(tmp_path / "reconstructions.mid") is not None


def test_curves_leave_out_what_was_never_measured(tmp_path: Path) -> None:
    history = {"step": [1.0, 2.0], "loss": [3.0, 2.0], "validation_without_code": [math.nan] * 2}
    write_curves(history, tmp_path)
    assert (tmp_path / "curves.png").is_file()
    write_curves(history, tmp_path)  # again: the folder is the training's own


HISTORY = {"step": [1.0, 2.0], "loss": [3.0, 2.0]}
ENDED = Outcome("done", State(2, 90.0, best=2.0))


@pytest.fixture
def training(config: MeasureVAEConfig, tmp_path: Path) -> MusicTraining:
    """Return a training of six songs that has just left an untrained model."""
    torch.manual_seed(0)
    save_model(MeasureVAE(config), tmp_path, MUSIC_MODELS)
    store = songs_to_store([make_song(f"song {number}", 2) for number in range(6)])
    prepared = Prepared(store, Choice(Grid(4), find_ensemble("melody")), (), reused=False)
    return Training(prepared, TrainingSetup(), tmp_path, Provenance("musicvae train songs", 5))


def test_a_training_leaves_card_curves_and_reconstructions_and_tells_its_scores(
    training: MusicTraining,
) -> None:
    scores = write_results(training, ENDED, HISTORY)
    assert scores is not None
    assert scores.songs == 1  # one of six is kept for validation
    card = (training.folder / "README.md").read_text()
    assert "6 songs with 12 measures" in card
    assert "2 steps in 1.5 minutes" in card
    assert f"| steps right | {scores.step_accuracy:.2%} |" in card
    left = {path.name for path in training.folder.iterdir()} - {"config.json", "model.safetensors"}
    assert left == {"README.md", "scores.json", "curves.png", "reconstructions.png", "reconstructions.mid"}


def test_a_training_leaves_its_scores_for_programs(training: MusicTraining) -> None:
    scores = write_results(training, ENDED, HISTORY)
    assert scores is not None
    assert load_model_worth(training.folder) == ModelWorth(scores.note_f1, "musicvae train songs", 1.5)
    kept = json.loads((training.folder / "scores.json").read_text())
    assert kept.items() >= scores._asdict().items()


def test_who_waits_is_told_how_many_measures_are_scored(training: MusicTraining) -> None:
    told: list[tuple[int, int]] = []
    write_results(training, ENDED, HISTORY, lambda measures, of: told.append((measures, of)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(("minutes", "measures"), [(4.9, 8), (5.0, 16), (None, 16)])
def test_after_few_minutes_shorter_openings_are_scored(
    training: MusicTraining, minutes: float | None, measures: int
) -> None:
    store = songs_to_store([make_song(f"song {number}", 20) for number in range(2)])
    fit = replace(training.setup.fit, minutes=minutes, epochs=1)
    long = replace(training, data=training.data._replace(store=store), setup=TrainingSetup(fit))
    scores = write_results(long, ENDED, {})
    assert scores is not None
    assert scores.measures == measures


def test_the_songs_scored_are_those_that_were_kept_from_training(
    training: MusicTraining,
) -> None:
    setup = replace(training.setup, validation=0.4)
    [first, second] = split(training.data.store, setup).validation.tolist()
    scores = write_results(replace(training, setup=setup), ENDED, {})
    assert scores is not None
    assert scores.songs == 2
    music = (training.folder / "reconstructions.mid").read_bytes()
    assert all(f"original: song {number}".encode() in music for number in (first, second))


def test_before_there_is_a_model_there_are_curves_alone(training: MusicTraining, tmp_path: Path) -> None:
    early, outcome = replace(training, folder=tmp_path / "early"), Outcome("interrupted", State(1, 5.0))
    early.folder.mkdir()
    assert write_results(early, outcome, HISTORY) is None
    assert [path.name for path in early.folder.iterdir()] == ["curves.png"]
    (early.folder / "curves.png").unlink()
    assert write_results(early, outcome, {"step": []}) is None
    assert not list(early.folder.iterdir())
