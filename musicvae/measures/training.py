"""Train a measure VAE on prepared measures: the place where store, windows, model and `fit` meet."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from torch import nn

from musicvae.core.model_store.training_state import Session
from musicvae.core.training.devices import Accelerator
from musicvae.core.training.fit import Outcome, State, fit
from musicvae.core.training.kl_rise import Worth
from musicvae.core.training.train_config import TrainConfig
from musicvae.measures.data.config import MeasureVAEConfig, NetworkConfig, SongKind
from musicvae.measures.data.store import MeasureStore
from musicvae.measures.data.training_defaults import FIT, VALIDATION
from musicvae.measures.data.windows import WindowBatches, WindowConfig, split_songs
from musicvae.measures.first_codes import begin_codes
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.training_plans import build_plan_model, save_plan_model
from musicvae.measures.folder.training_tunes import build_tune_index, save_tune_index
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.preparing.prepared import Prepared
from musicvae.measures.rare_meters import add_rare_meters
from musicvae.measures.sketch_first import STAGE, learn_sketch, plan_sketch, single_measures
from musicvae.measures.validation import Validation
from musicvae.measures.writing.scoring import weigh_codes
from musicvae.midi.arranging.seats import are_seats, number_instruments
from musicvae.midi.songs.instruments import KINDS_OF_INSTRUMENT
from musicvae.midi.songs.song import DEFAULT_BPM, Meter, Part


@dataclass(frozen=True)
class TrainingSetup:
    """What to train and how.

    Parameters
    ----------
    fit : TrainConfig
    windows : WindowConfig
    network : NetworkConfig
    validation : float
        Share of the songs that training never sees and the best model is chosen by.
    results : float
        Share of the minutes that is kept for scoring and drawing the model, once it is trained.
    """

    fit: TrainConfig = FIT
    windows: WindowConfig = field(default_factory=WindowConfig)
    network: NetworkConfig = NetworkConfig(dropout=0.1, hiding=2.0)
    validation: float = VALIDATION
    results: float = 0.0


class Split(NamedTuple):
    """Songs of a store: those to train on and those to choose the best model by."""

    train: np.ndarray
    validation: np.ndarray


def split(store: MeasureStore, setup: TrainingSetup) -> Split:
    """Return the songs dealt out by the seed; one song at least is kept for validation."""
    share = max(setup.validation, 1 / store.songs)
    return Split(*split_songs(store.songs, (1 - share, share), setup.fit.seed))


def make_config(prepared: Prepared, setup: TrainingSetup) -> MeasureVAEConfig:
    """Return the config of a model for some music."""
    store, choice = prepared.store, prepared.choice
    meters = store.meters()
    tempi = [report.tempo for report in prepared.reports if report.songs]
    return MeasureVAEConfig(
        ensemble=choice.ensemble.name,
        parts=choice.ensemble.parts,
        steps_per_beat=choice.grid.steps_per_beat,
        meters=tuple(meters),
        meter_shares=tuple(meters.values()),
        steps=int(store.measure_steps(choice.grid).max()),
        bpm=float(np.median(tempi)) if tempi else DEFAULT_BPM,
        styles=store.styles,
        kinds=_count_kinds(store, tuple(meters), are_seats(choice.ensemble.parts)),
        registers=_measure_registers(store, choice.ensemble.parts),
        **asdict(setup.network),
    )


def _count_kinds(store: MeasureStore, meters: tuple[str, ...], in_seats: bool) -> tuple[SongKind, ...]:
    """Return the style, first meter, key and instruments that songs have together, commonest first."""
    first = store.meter[store.song_offsets[:-1]].tolist()
    programs = map(tuple, store.program.tolist() if in_seats else [()] * store.songs)
    songs = zip(store.style.tolist(), first, store.key.tolist(), programs, strict=True)
    counts = Counter((style, meters.index(str(Meter(*pair))), key, band) for style, pair, key, band in songs)
    return tuple(
        SongKind(style, meter, key, count / store.songs, band)
        for (style, meter, key, band), count in counts.most_common()
    )


def _measure_registers(store: MeasureStore, parts: Sequence[Part]) -> tuple[float, ...]:
    """Return the mean pitch of each kind of instrument, 0 of one that no song has."""
    if not are_seats(parts):
        return ()
    _, _, pitch, part, _, _ = store.columns
    measure = np.repeat(np.arange(store.measures), np.diff(store.note_offsets))
    song = np.searchsorted(store.song_offsets, measure, side="right") - 1
    kind = number_instruments(store.program, parts)[song, part]
    sums = np.bincount(kind, pitch, minlength=KINDS_OF_INSTRUMENT)
    return tuple((sums / np.maximum(np.bincount(kind, minlength=KINDS_OF_INSTRUMENT), 1)).tolist())


def train(prepared: Prepared, setup: TrainingSetup, session: Session, songs: Split | None = None) -> Outcome:
    """Train a model into a folder; the folder always holds the best one so far.

    Parameters
    ----------
    prepared : Prepared
    setup : TrainingSetup
    session : Session
    songs : Split, optional
        Which songs to use; dealt out by the seed if left out.

    Raises
    ------
    TrainingError
        If the loss is no longer a number.
    ModelError
        If there is nothing to resume, or it is of another model.
    """
    torch.manual_seed(setup.fit.seed)  # initial weights and dropout take no generator
    setup = replace(setup, windows=setup.windows._replace(seed=setup.fit.seed))
    config, accelerator = make_config(prepared, setup), session.accelerator
    model = MeasureVAE(config)
    songs = songs or split(prepared.store, setup)
    session = session._replace(learned=_name_songs(songs))
    state = session.begin(model, MUSIC_MODELS)
    known = (songs.train, config.parts, config.grid, setup.fit.seed)
    store, told = add_rare_meters(prepared.store, *known)
    sketched = _sketch_first(model, store, Split(told, songs.validation), setup, session, state)
    if sketched.reason == "interrupted":
        return Outcome(sketched.reason, replace(sketched.state, best=math.inf))  # there is no model yet
    seconds = sketched.state.seconds
    windows = setup.windows._replace(alone=not model.decoder.hears_song)
    learned = (store, told, config, windows)
    batches = WindowBatches(*learned, accelerator.device, session.share)
    validate = Validation(prepared.store, songs.validation, config, windows, setup.fit, accelerator)
    usual = session.hooks(model, MUSIC_MODELS, validate)
    hooks = usual._replace(
        keep_best=_keep_with_songs(usual.keep_best, model, prepared.store, songs.train, session.folder),
        weigh=_choose_weigh(model, accelerator),
        save=lambda kept: usual.save({**kept, "sketch_seconds": seconds}),
    )
    kept = None if state is None or state.get("stage") == STAGE else state
    rest = _after_sketch(setup, seconds, model)
    return fit(model, batches, rest, accelerator, hooks, kept, seconds)


def _name_songs(songs: Split) -> str:
    """Return what tells which songs of a store are learned from, and which are held back."""
    return hashlib.sha256(b"".join(np.asarray(part, np.int64).tobytes() for part in songs)).hexdigest()


def _keep_with_songs(
    keep_best: Callable[[nn.Module], None],
    model: MeasureVAE,
    store: MeasureStore,
    learned: np.ndarray,
    folder: Path,
) -> Callable[[nn.Module], None]:
    """Return what keeps a model, and with the first one what is known of the songs that it learned from."""
    kept = False

    def keep(best: nn.Module) -> None:
        nonlocal kept
        if not kept:
            known = (store, learned, model.config.parts, model.config.grid)
            save_tune_index(build_tune_index(*known), folder)
            save_plan_model(build_plan_model(*known), folder)
        kept = True
        keep_best(best)

    return keep


def _sketch_first(
    model: MeasureVAE,
    store: MeasureStore,
    songs: Split,
    setup: TrainingSetup,
    session: Session,
    state: dict[str, Any] | None,
) -> Outcome:
    """Learn the model's sketch, unless it has none or has learned it before."""
    sketcher = model.sketcher()
    if state is not None and state.get("stage") != STAGE:
        return Outcome("done", State(seconds=state.get("sketch_seconds", 0.0)))
    if sketcher is None:
        return Outcome("done", State())
    device = session.accelerator.device
    learned = (store, songs.train, model.config, setup.windows)
    if state is None:  # the model is not on the device yet, and every process begins with all measures
        begin_codes(model.encoder, model.one_bottleneck, sketcher.decoder.spread, single_measures(*learned))
    whole = setup.windows._replace(transpose=False)
    unseen = single_measures(store, songs.validation, model.config, whole, device)
    batches = (single_measures(*learned, device, session.share), unseen)
    return learn_sketch(model, sketcher, batches, plan_sketch(setup.fit), session, state)


def _after_sketch(setup: TrainingSetup, seconds: float, model: MeasureVAE) -> TrainConfig:
    """Return the rest of a training, as its second stage."""
    config = replace(setup.fit, end=1 - setup.results) if setup.fit.minutes else setup.fit
    if model.sketcher() is None:
        return config
    if config.minutes is None:
        return replace(config, begin=plan_sketch(config).end)
    return replace(config, begin=min(0.9, seconds / (60 * config.minutes)))


def _choose_weigh(model: MeasureVAE, accelerator: Accelerator) -> Callable[[nn.Module, Any], Worth] | None:
    """Return what says how much codes are worth; None where they cost nothing, or the decoder needs them."""
    if model.config.autoencoder != "vae" or not model.decoder.hears_song:
        return None

    def weigh(averaged: nn.Module, batch: Any) -> Worth:
        with accelerator.autocast():
            return weigh_codes(cast(MeasureVAE, averaged), batch)

    return weigh
