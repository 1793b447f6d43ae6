"""`musicvae images train`: pictures -> a model folder."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
import musicvae_cli.training.train_options as learning
from musicvae.outputs import make_folder
from musicvae_cli.images.choices import Colours, Likelihood, Network
from musicvae_cli.images.reading import make_read_options, read_and_say
from musicvae_cli.outputs.made_by import Making
from musicvae_cli.outputs.model_folder import require_model_room
from musicvae_cli.shell.choices import Device, ModelKind
from musicvae_cli.shell.console import say
from musicvae_cli.shell.errors import INTERRUPTED, to_command, typed_arguments
from musicvae_cli.training.outcome import resuming, say_ending, watch

if TYPE_CHECKING:
    from accelerate import Accelerator

    from musicvae.evaluate.images.picture_results import TrainedPictures
    from musicvae.images.data.config import LikelihoodName
    from musicvae.images.data.read import ReadOptions
    from musicvae.images.training import TrainingSetup
    from musicvae.provenance import Provenance

MINUTES = 5.0  # where no bound is given


def train(
    context: typer.Context,
    data: options.Data = "digits",
    out: learning.ModelOut = options.TRAINED_HERE,
    kind: options.KindOf = ModelKind.VAE,
    latent: options.Latent = 16,
    size: options.Size = None,
    colours: options.Colours = Colours.AUTO,
    labels: options.Labels = None,
    network: options.NetworkOf = Network.CONV,
    width: options.Width = 24,
    blocks: options.Blocks = 1,
    likelihood: options.LikelihoodOf = Likelihood.AUTO,
    binarise: options.Binarise = None,
    std: options.Std = None,
    noise: options.Noise = None,
    drop: options.Drop = 0.0,
    beta: options.Beta = 1.0,
    epochs: options.Epochs = None,
    minutes: options.Minutes = None,
    batch: options.Batch = 64,
    mirror: options.Mirror = False,
    learning_rate: learning.LearningRate = 2e-3,
    validation: options.Validation = 0.05,
    seed: common.Seed = 0,
    device: common.OnDevice = Device.AUTO,
    resume: learning.Resume = False,
    force: learning.ForceModel = False,
) -> None:
    """Learn from the pictures of DATA, and write a model folder."""
    require_model_room(out, resume, force)
    noise = _choose_noise(kind, noise, drop)

    from musicvae.core.training.devices import make_accelerator  # heavy, like all that follows
    from musicvae.images.training import TrainingSetup

    accelerator = make_accelerator(device.value)

    said: LikelihoodName | None = None
    if likelihood is not Likelihood.AUTO:
        said = cast("LikelihoodName", likelihood.value)
    setup = TrainingSetup(
        autoencoder=kind.value,
        latent=latent,
        network=network.value,
        likelihood=said,
        binarise=binarise.value if binarise else None,
        std=std,
        width=width,
        blocks=blocks,
        noise=noise,
        drop=drop,
    )
    if minutes is None and epochs is None:
        minutes = MINUTES
    kl = setup.fit.kl._replace(beta=beta)
    fit = replace(setup.fit, minutes=minutes, epochs=epochs, learning_rate=learning_rate, kl=kl, seed=seed)
    setup = replace(setup, fit=fit, batches=setup.batches._replace(size=batch, mirror=mirror))
    read_options = make_read_options(size, colours, labels, validation, seed)
    provenance = Making(None, str(out), seed, (data,)).provenance(context)
    training = _prepare(data, read_options, setup, out, provenance)
    _run(training, accelerator, resume, resuming(typed_arguments(context)))


def _prepare(
    data: str, read_options: ReadOptions, setup: TrainingSetup, out: Path, provenance: Provenance
) -> TrainedPictures:
    """Read the pictures, say what is learned by what, and make the model folder."""
    from musicvae.evaluate.images.picture_results import TrainedPictures
    from musicvae.images.training import make_config

    pictures = read_and_say(data, read_options)
    try:
        config = make_config(pictures, setup)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    how = f" ({config.binarise} binarisation)" if config.binarise else ""
    what = f"{config.autoencoder}, {config.latent} numbers a code, {config.network}"
    say(f"model: {what}; {config.likelihood}{how}")
    make_folder(out)
    return TrainedPictures(pictures, setup, out, provenance)


def _choose_noise(kind: ModelKind, noise: float | None, drop: float) -> float:
    """Return the noise of a DAE's input; the other kinds have none."""
    if kind is not ModelKind.DAE and (noise or drop):
        raise typer.BadParameter("--noise and --drop are what a denoising autoencoder undoes: add --kind dae")
    if kind is ModelKind.DAE and noise == 0 and not drop:
        raise typer.BadParameter("a denoising autoencoder needs something to undo: give --noise or --drop")
    if noise is None:
        return options.NOISE if kind is ModelKind.DAE and not drop else 0.0
    return noise


def _run(training: TrainedPictures, accelerator: Accelerator, resume: bool, command: str) -> None:
    """Train, and write and say what came of it; `command` is what goes on with it."""
    from musicvae.core.model_store.training_state import Session
    from musicvae.evaluate.images.picture_results import write_picture_results
    from musicvae.evaluate.training_log import TrainingLog
    from musicvae.images.training import FIGURES
    from musicvae.images.training import train as learn
    from musicvae_cli.training.progress import Words

    what, session = (training.pictures, training.setup), Session(training.folder, accelerator, resume=resume)
    if not accelerator.is_main_process:
        learn(*what, session)
        return
    log = TrainingLog(training.folder, resume, FIGURES)
    words = Words("picture", _name_figures)
    outcome = watch(lambda on_report: learn(*what, session._replace(on_report=on_report)), log, words)
    if not log.began and outcome.reason == "done":
        say("this training was already at its end: give it more --minutes or --epochs")
        return
    scores = write_picture_results(training, outcome, log.history())
    if scores is not None:
        say(f"on pictures it has not seen: {_name_figures({'mse': scores.mse, 'psnr': scores.psnr})}")
    use = to_command(("images", "evaluate", training.pictures.source, "--model", str(training.folder)))
    say_ending(outcome, training.folder, training.setup.fit.checks, f"score it by: {use}", command)
    if outcome.reason == "interrupted":
        raise typer.Exit(INTERRUPTED)


def _name_figures(figures: Mapping[str, float]) -> str:
    return f"squared error {figures.get('mse', math.nan):.4f}, PSNR {figures.get('psnr', math.nan):.2f} dB"
