"""Train a measure VAE on prepared measures: the place where store, windows, model and `fit` meet."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from torch import nn

from musicvae.core.bottleneck import AutoencoderKind
from musicvae.core.categorical import GREEDY
from musicvae.core.model_store.model_folder import load_training_of, save_training
from musicvae.core.objective import KLWeight
from musicvae.core.training.devices import Accelerator
from musicvae.core.training.fit import Hooks, Outcome, Report, Scores, fit
from musicvae.core.training.train_config import TrainConfig
from musicvae.measures.data.config import MeasureVAEConfig, SongKind
from musicvae.measures.data.noisy_codes import exact
from musicvae.measures.data.prepared import Prepared
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.data.store import MeasureStore, store_to_song
from musicvae.measures.data.windows import WindowBatches, WindowConfig, split_songs
from musicvae.measures.folder.model_folder import save_model
from musicvae.measures.folder.training_plans import build_plan_model, save_plan_model
from musicvae.measures.folder.training_tunes import build_tune_index, save_tune_index
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_songs
from musicvae.measures.writing.scoring import score_batches
from musicvae.measures.writing.song_writing import write_songs
from musicvae.midi.likeness.agreement import Agreement, compare
from musicvae.midi.songs.song import DEFAULT_BPM, Meter

VALIDATION_BATCHES = 8
VALIDATION_SONGS = 24
FIGURES = ("without_code", "accuracy")  # of a validation, besides its loss and the terms of that
_NOT_TOLD_ONCE = {"autoencoder": "vae", "corrupt": 0.0}  # of the config of a training by an earlier version


@dataclass(frozen=True)
class Plan:
    """What to train and how.

    Parameters
    ----------
    fit : TrainConfig
    windows : WindowConfig
    kind : str
        "vae", "ae" or "dae": MeasureVAEConfig calls it autoencoder.
    corrupt, latent, hidden, layers, reach, dropout, hiding, decoder
        See MeasureVAEConfig.
    validation : float
        Share of the songs that training never sees and the best model is chosen by.
    """

    fit: TrainConfig = TrainConfig(minutes=10, learning_rate=7e-4, kl=KLWeight(0.05, warmup=0.4, wait=0.15))
    windows: WindowConfig = field(default_factory=WindowConfig)
    kind: AutoencoderKind = "vae"
    corrupt: float = 0.0
    latent: int = 64
    hidden: int = 256
    layers: int = 4
    reach: int = 16
    dropout: float = 0.1
    hiding: float = 2.0
    decoder: str = "recurrent"
    validation: float = 0.1


class Split(NamedTuple):
    """Songs of a store: those to train on and those to choose the best model by."""

    train: np.ndarray
    validation: np.ndarray


def split(store: MeasureStore, plan: Plan) -> Split:
    """Return the songs dealt out by the seed; one song at least is kept for validation."""
    share = max(plan.validation, 1 / store.songs)
    return Split(*split_songs(store.songs, (1 - share, share), plan.fit.seed))


def make_config(prepared: Prepared, plan: Plan) -> MeasureVAEConfig:
    """Return the config of a model for some music."""
    store, choice = prepared.store, prepared.choice
    meters = store.meters()
    tempi = [report.tempo for report in prepared.reports if report.songs]
    return MeasureVAEConfig(
        ensemble=choice.ensemble,
        parts=choice.parts,
        steps_per_beat=choice.grid.steps_per_beat,
        meters=tuple(meters),
        meter_shares=tuple(meters.values()),
        steps=int(store.measure_steps(choice.grid).max()),
        bpm=float(np.median(tempi)) if tempi else DEFAULT_BPM,
        styles=store.styles,
        kinds=_count_kinds(store, tuple(meters)),
        autoencoder=plan.kind,
        corrupt=plan.corrupt,
        decoder=plan.decoder,
        latent=plan.latent,
        hidden=plan.hidden,
        layers=plan.layers,
        reach=plan.reach,
        dropout=plan.dropout,
        hiding=plan.hiding,
    )


def _count_kinds(store: MeasureStore, meters: tuple[str, ...]) -> tuple[SongKind, ...]:
    """Return the style, first meter and key that songs have together, commonest first."""
    first = store.meter[store.song_offsets[:-1]].tolist()
    songs = zip(store.style.tolist(), first, store.key.tolist(), strict=True)
    counts = Counter((style, meters.index(str(Meter(*pair))), key) for style, pair, key in songs)
    return tuple(SongKind(*kind, share=count / store.songs) for kind, count in counts.most_common())


def train(
    prepared: Prepared,
    folder: Path,
    plan: Plan,
    accelerator: Accelerator,
    on_report: Callable[[Report], None] = lambda report: None,
    resume: bool = False,
    songs: Split | None = None,
) -> Outcome:
    """Train a model into a folder; the folder always holds the best one so far.

    Parameters
    ----------
    prepared : Prepared
    folder : Path
        Must exist.
    plan : Plan
    accelerator : Accelerator
    on_report : callable
    resume : bool
        Go on with the training that the folder holds.
    songs : Split, optional
        Which songs to use; dealt out by the seed if left out.

    Raises
    ------
    TrainingError
        If the loss is no longer a number.
    ModelError
        If there is nothing to resume, or it is of another model.
    """
    torch.manual_seed(plan.fit.seed)  # initial weights and dropout take no generator
    config = make_config(prepared, plan)
    model = MeasureVAE(config)
    state = _state_to_resume(folder, config) if resume else None
    train_songs, validation_songs = songs or split(prepared.store, plan)
    if accelerator.is_main_process:
        known = (prepared.store, train_songs, config.parts, config.grid)
        save_tune_index(build_tune_index(*known), folder)
        save_plan_model(build_plan_model(*known), folder)
    share = (accelerator.process_index, accelerator.num_processes)
    batches = WindowBatches(prepared.store, train_songs, config, plan.windows, accelerator.device, share)
    hooks = Hooks(
        validate=Validation(prepared.store, validation_songs, config, plan, accelerator),
        on_report=on_report,
        keep_best=lambda best: save_model(cast(MeasureVAE, best), folder),
        save=lambda state: save_training(folder, state, config),
    )
    return fit(model, batches, plan.fit, accelerator, hooks, state)


def _state_to_resume(folder: Path, config: MeasureVAEConfig) -> dict[str, Any]:
    refusal = (
        f"{folder} was trained on other music or with other sizes: resume with the same songs and options"
    )
    return load_training_of(folder, config, refusal, _NOT_TOLD_ONCE)


class Validation:
    """Scores a model on songs that training does not see.

    The loss is that of training, with codes and without; the accuracy is the share of steps said
    back right by greedy, free-running decoding. A DAE's loss is of measures that go wrong as in training, the
    same way each time; what it says back is clean songs.
    """

    def __init__(
        self,
        store: MeasureStore,
        songs: np.ndarray,
        config: MeasureVAEConfig,
        plan: Plan,
        accelerator: Accelerator,
    ) -> None:
        whole = plan.windows._replace(transpose=False, forget=1, seed=plan.fit.seed)
        windows = WindowBatches(store, songs, config, whole, accelerator.device)
        self.batches = [windows.at(step) for step in range(min(VALIDATION_BATCHES, len(windows)))]
        self.songs = [
            store_to_song(store, int(index), config.parts, config.grid).opening(plan.windows.measures)
            for index in songs[:VALIDATION_SONGS]
        ]
        self.beta = plan.fit.kl.beta
        self.seed = plan.fit.seed
        self.accelerator = accelerator

    def __call__(self, model: nn.Module) -> Scores:
        """Return the scores of a MeasureVAE."""
        model = cast(MeasureVAE, model)
        with self.accelerator.autocast():
            generator = torch.Generator().manual_seed(self.seed)
            score = score_batches(model, self.batches, model.corruption, generator)
        sums = (score.rate, score.distortion, score.without_code)
        rate, distortion, free = (nats / score.measures for nats in sums)
        outlines = [SongOutline(song.meters) for song in self.songs]
        codes = [exact(own) for own in encode_songs(model, self.songs)]
        copies = write_songs(model, outlines, codes, GREEDY)
        agreement = sum((compare(a, b) for a, b in zip(self.songs, copies, strict=True)), Agreement())
        loss = distortion + self.beta * rate + (0 if math.isnan(free) else free)
        figures = (free, agreement.step_accuracy)
        return Scores(loss, rate, distortion, dict(zip(FIGURES, figures, strict=True)))
