from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from torch import nn

from musicvae.core.model_store.model_folder import load_model
from musicvae.core.model_store.training_state import Session, load_training, save_training
from musicvae.core.objective import KLWeight
from musicvae.core.training.report import Report
from musicvae.core.training.train_config import TrainConfig
from musicvae.errors import ModelError
from musicvae.measures.data.config import NetworkConfig
from musicvae.measures.data.store import songs_to_store
from musicvae.measures.data.windows import WindowBatches, WindowConfig
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.training_plans import PLANS, build_plan_model, load_plan_model
from musicvae.measures.folder.training_tunes import TUNES, load_tune_index
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.preparing.prepared import Choice, Prepared
from musicvae.measures.training import Split, TrainingSetup, make_config, split, train
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.arranging.ensembles import find_ensemble
from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Song

PARTS = ENSEMBLES["melody"]
SETUP = TrainingSetup(
    fit=TrainConfig(epochs=2, learning_rate=3e-3, kl=KLWeight(0.05, 0.2), checks=2),
    windows=WindowConfig(measures=2, rows=16, steps=64),
    network=NetworkConfig(latent=4, hidden=16, layers=1, reach=3, dropout=0.1, hiding=1.5),
    validation=0.2,
)


def make_prepared(*meters: Meter, tempi: tuple[float, ...] = (90.0, 100.0, 120.0)) -> Prepared:
    """Return ten songs of four measures."""
    songs = []
    for index in range(10):
        own = (meters or (Meter(2, 4),))[index % max(1, len(meters))]
        beats = own.steps(Grid(4))  # of four measures, a quarter of their steps
        rows = [(4 * beat, 4, 60 + (index + 2 * beat) % 12, 80, 0) for beat in range(beats)]
        songs.append(Song(make_notes(rows), (own,) * 4, PARTS, Grid(4), title=f"song {index}"))
    reports = tuple(FileReport(Path(f"{bpm}.mid"), "ok", songs=1, tempo=bpm) for bpm in tempi)
    rejected = FileReport(Path("none.mid"), "rejected", "no notes", tempo=0.0)
    styles = np.array([1, 2] * 5, np.int16)
    store = replace(songs_to_store(songs), style=styles, styles=("jig", "reel"))
    return Prepared(store, Choice(Grid(4), find_ensemble("melody")), (*reports, rejected), reused=False)


PREPARED = make_prepared()


def with_network(**changes: Any) -> TrainingSetup:
    return replace(SETUP, network=replace(SETUP.network, **changes))


def weights_of(model: MeasureVAE) -> list[torch.Tensor]:
    return list(model.state_dict().values())


def test_the_config_is_made_for_the_music() -> None:
    config = make_config(make_prepared(Meter(2, 4), Meter(2, 4), Meter(6, 8)), SETUP)
    assert config.meters == ("2/4", "6/8")
    assert config.meter_shares == pytest.approx((0.7, 0.3))
    assert (config.steps, config.bpm, config.parts) == (12, 100.0, PARTS)
    sizes = (config.latent, config.hidden, config.layers, config.reach, config.dropout, config.hiding)
    assert sizes == (4, 16, 1, 3, 0.1, 1.5)


def test_the_config_tells_which_kinds_of_songs_there_are_and_how_often() -> None:
    config = make_config(PREPARED, SETUP)
    assert config.styles == ("jig", "reel")
    assert sum(kind.share for kind in config.kinds) == pytest.approx(1)
    shares = [kind.share for kind in config.kinds]
    assert shares == sorted(shares, reverse=True)
    store = PREPARED.store
    seen: dict[tuple[int, int, int], float] = defaultdict(float)
    for song in range(10):
        seen[int(store.style[song]), 0, int(store.key[song])] += 0.1
    assert {kind[:3]: kind.share for kind in config.kinds} == pytest.approx(seen)


def test_the_kind_of_a_song_has_its_first_meter() -> None:
    jig, reel = (Meter(6, 8), Meter(2, 4)), (Meter(2, 4), Meter(2, 4))
    songs = [Song(make_notes([(0, 4, 60, 80, 0)]), meters, PARTS, Grid(4)) for meters in (jig, reel, jig)]
    config = make_config(PREPARED._replace(store=songs_to_store(songs)), SETUP)
    assert config.meters == ("2/4", "6/8")
    assert [(kind.meter, kind.share) for kind in config.kinds] == [(1, 2 / 3), (0, 1 / 3)]


def test_songs_are_split_by_the_seed_and_one_at_least_is_kept_back() -> None:
    chosen = split(PREPARED.store, SETUP)
    assert sorted([*chosen.train, *chosen.validation]) == list(range(10))
    assert len(chosen.validation) == 2
    assert len(split(PREPARED.store, replace(SETUP, validation=0.0)).validation) == 1


def test_a_training_learns_the_sketch_and_then_everything(accelerator: Accelerator, tmp_path: Path) -> None:
    reports: list[Report] = []
    train(PREPARED, SETUP, Session(tmp_path, accelerator, reports.append))
    stages = [report.stage for report in reports]
    assert stages == sorted(stages, reverse=True)
    assert set(stages) == {"sketch", ""}
    progress = [report.progress for report in reports]
    assert progress == sorted(progress)
    first, last = (next(r for r in order if r.stage == "sketch") for order in (reports, reports[::-1]))
    assert last.distortion < first.distortion


def spy_on_first_codes(monkeypatch: pytest.MonkeyPatch) -> list[torch.device]:
    """Return a list into which goes where codes are begun, as often as they are."""
    devices: list[torch.device] = []

    def begin(encoder: nn.Module, bottleneck: nn.Module, spread: nn.Module, batches: WindowBatches) -> None:
        parts = (encoder, bottleneck, spread)
        devices.extend({weight.device for part in parts for weight in part.parameters()})
        assert {batches.at(0).notes.step.device} == set(devices)

    monkeypatch.setattr("musicvae.measures.training.begin_codes", begin)
    return devices


def test_codes_begin_once_where_the_model_is_and_not_when_a_training_goes_on(
    accelerator: Accelerator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = spy_on_first_codes(monkeypatch)
    train(PREPARED, SETUP, Session(tmp_path, accelerator))
    assert devices == [torch.device("cpu")]
    longer = replace(SETUP, fit=replace(SETUP.fit, epochs=3))
    train(PREPARED, longer, Session(tmp_path, accelerator, resume=True))
    assert len(devices) == 1


def test_the_seed_decides_which_windows_are_learned_from(
    accelerator: Accelerator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds: list[int] = []

    class Spied(WindowBatches):
        def __init__(self, *arguments: Any, **others: Any) -> None:
            super().__init__(*arguments, **others)
            seeds.append(self.plan.seed)

    monkeypatch.setattr("musicvae.measures.training.WindowBatches", Spied)
    monkeypatch.setattr("musicvae.measures.sketch_first.WindowBatches", Spied)
    train(PREPARED, replace(SETUP, fit=replace(SETUP.fit, seed=7)), Session(tmp_path, accelerator))
    assert set(seeds) == {7}


def test_a_decoder_without_a_sketch_learns_everything_at_once(
    accelerator: Accelerator, tmp_path: Path
) -> None:
    reports: list[Report] = []
    train(PREPARED, with_network(decoder="conv"), Session(tmp_path, accelerator, reports.append))
    assert {report.stage for report in reports} == {""}


@pytest.mark.parametrize("decoder", ["recurrent", "conv"])
def test_a_training_leaves_a_model_that_can_be_loaded(
    accelerator: Accelerator, tmp_path: Path, decoder: str
) -> None:
    reports: list[Report] = []
    outcome = train(PREPARED, with_network(decoder=decoder), Session(tmp_path, accelerator, reports.append))
    assert outcome.reason == "done"
    assert load_model(tmp_path, MUSIC_MODELS).config == make_config(PREPARED, with_network(decoder=decoder))
    scores = [report.scores for report in reports if report.scores is not None and not report.stage]
    assert len(scores) == 2
    assert all(math.isfinite(score.loss) and 0 <= score.figures["accuracy"] <= 1 for score in scores)
    assert math.isnan(scores[0].figures["without_code"]) == (decoder == "conv")


def test_a_training_leaves_the_tunes_and_plans_of_the_songs_it_learns_from(
    accelerator: Accelerator, tmp_path: Path
) -> None:
    chosen = Split(np.array([3, 5, 8]), np.array([0]))
    train(PREPARED, SETUP, Session(tmp_path, accelerator), chosen)
    tunes, plans = load_tune_index(tmp_path), load_plan_model(tmp_path)
    assert tunes is not None
    assert tunes.titles == ("song 3", "song 5", "song 8")
    assert plans == build_plan_model(PREPARED.store, chosen.train, PARTS, Grid(4))
    names = {"config.json", "model.safetensors", "training.pt", "tunes.safetensors", "plans.json"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_the_same_seed_gives_the_same_model(accelerator: Accelerator, tmp_path: Path) -> None:
    models = []
    for name, seed in (("first", 0), ("again", 0), ("other", 1)):
        (tmp_path / name).mkdir()
        setup = replace(SETUP, fit=replace(SETUP.fit, seed=seed))
        train(PREPARED, setup, Session(tmp_path / name, accelerator))
        models.append(weights_of(load_model(tmp_path / name, MUSIC_MODELS)))
    first, again, other = models
    assert all(map(torch.equal, first, again))
    assert not all(map(torch.equal, first, other))


@pytest.mark.parametrize("stage", ["sketch", ""])
def test_a_resumed_training_gives_the_model_of_an_uninterrupted_one(
    accelerator: Accelerator, tmp_path: Path, stage: str
) -> None:
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    whole.mkdir()
    stopped.mkdir()
    train(PREPARED, SETUP, Session(whole, accelerator))

    def press_ctrl_c(report: Report) -> None:
        if (report.stage, report.step) == (stage, 7):
            raise KeyboardInterrupt

    assert train(PREPARED, SETUP, Session(stopped, accelerator, press_ctrl_c)).reason == "interrupted"
    assert train(PREPARED, SETUP, Session(stopped, accelerator, resume=True)).reason == "done"
    assert load_training(stopped)["state"]["step"] == load_training(whole)["state"]["step"] > 7
    ends = [weights_of(load_model(folder, MUSIC_MODELS)) for folder in (whole, stopped)]
    assert all(map(torch.equal, *ends))


@pytest.fixture
def begun(accelerator: Accelerator, tmp_path: Path) -> Path:
    """Return the folder of a training that was stopped after its first step."""

    def press_ctrl_c(report: Report) -> None:
        raise KeyboardInterrupt

    train(PREPARED, SETUP, Session(tmp_path, accelerator, press_ctrl_c))
    return tmp_path


OTHER_SIZES = [{"latent": 5}, {"hidden": 20}, {"reach": 4}, {"hiding": 1.0}, {"decoder": "conv"}]


@pytest.mark.parametrize("sizes", OTHER_SIZES)
def test_a_training_with_other_sizes_is_not_resumed(
    accelerator: Accelerator, begun: Path, sizes: dict[str, Any]
) -> None:
    with pytest.raises(ModelError, match="on other music or with other sizes: resume with the same songs"):
        train(PREPARED, with_network(**sizes), Session(begun, accelerator, resume=True))


def test_a_training_on_other_music_is_not_resumed_and_nothing_of_it_is_written_over(
    accelerator: Accelerator, begun: Path
) -> None:
    before = {path.name: path.read_bytes() for path in begun.iterdir()}
    with pytest.raises(ModelError, match="on other music or with other sizes"):
        train(make_prepared(Meter(3, 4)), SETUP, Session(begun, accelerator, resume=True))
    assert {path.name: path.read_bytes() for path in begun.iterdir()} == before


@pytest.mark.parametrize("change", [{"validation": 0.4}, {"fit": replace(SETUP.fit, seed=1)}])
def test_songs_that_were_learned_from_are_not_held_back_later(
    accelerator: Accelerator, begun: Path, change: dict[str, Any]
) -> None:
    with pytest.raises(ModelError, match="resume with the same songs, --seed and --validation"):
        train(PREPARED, replace(SETUP, **change), Session(begun, accelerator, resume=True))


def test_what_is_known_of_the_songs_comes_with_the_first_model_that_knows_them(
    accelerator: Accelerator, tmp_path: Path
) -> None:
    def press_ctrl_c(report: Report) -> None:
        raise KeyboardInterrupt

    train(PREPARED, SETUP, Session(tmp_path, accelerator))
    before = {name: (tmp_path / name).read_bytes() for name in (PLANS, TUNES)}
    others = make_prepared(Meter(3, 4))
    train(others, SETUP, Session(tmp_path, accelerator, press_ctrl_c))
    assert {name: (tmp_path / name).read_bytes() for name in (PLANS, TUNES)} == before
    train(others, SETUP, Session(tmp_path, accelerator))
    assert all((tmp_path / name).read_bytes() != before[name] for name in (PLANS, TUNES))


def test_a_training_of_the_same_model_is_resumed(accelerator: Accelerator, begun: Path) -> None:
    longer = replace(SETUP, fit=replace(SETUP.fit, epochs=3))
    assert train(PREPARED, longer, Session(begun, accelerator, resume=True)).reason == "done"


def test_what_is_no_training_of_music_is_not_resumed(accelerator: Accelerator, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no training to resume"):
        train(PREPARED, SETUP, Session(tmp_path, accelerator, resume=True))
    save_training(tmp_path, {"state": {}})
    with pytest.raises(ModelError, match=r"training\.pt is damaged: begin anew by --force"):
        train(PREPARED, SETUP, Session(tmp_path, accelerator, resume=True))


def test_songs_may_be_chosen_by_the_caller(accelerator: Accelerator, tmp_path: Path) -> None:
    reports: list[Report] = []
    chosen = Split(np.array([3]), np.array([5]))
    train(PREPARED, SETUP, Session(tmp_path, accelerator, reports.append), chosen)
    assert reports[-1].epoch == 2
    assert reports[-1].step == 2  # all of one song's windows are one batch
