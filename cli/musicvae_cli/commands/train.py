"""`musicvae train`: songs -> a model folder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

import musicvae_cli.shell.options as options
import musicvae_cli.training.train_options as learning
from musicvae.errors import SongError
from musicvae.outputs import make_folder
from musicvae_cli.inputs.find_model import TRAINED_HERE
from musicvae_cli.inputs.prepared_songs import prepare_songs, say_prepared
from musicvae_cli.outputs.made_by import Making
from musicvae_cli.outputs.model_folder import PREPARED, require_model_room
from musicvae_cli.shell.choices import Decoder, Device, Ensemble, ModelKind
from musicvae_cli.shell.console import say
from musicvae_cli.shell.errors import INTERRUPTED, typed_arguments

if TYPE_CHECKING:
    from accelerate import Accelerator

    from musicvae.measures.data.prepared import Prepared
    from musicvae_cli.training.outcome import Training

MINUTES = 10.0  # where no bound is given
BETA = 0.05
WRONG_NOTES = 0.2  # share of the notes that a DAE is given wrongly


def train(
    context: typer.Context,
    songs: options.Songs,
    out: learning.ModelOut = TRAINED_HERE,
    parts: learning.Parts = Ensemble.AUTO,
    steps_per_beat: learning.StepsPerBeat = 0,
    kind: learning.Kind = ModelKind.VAE,
    corrupt: learning.Corrupt = None,
    latent: learning.Latent = 64,
    beta: learning.Beta = None,
    decoder: learning.DecoderKind = Decoder.RECURRENT,
    epochs: learning.Epochs = None,
    minutes: learning.Minutes = None,
    learning_rate: learning.LearningRate = 7e-4,
    validation: learning.Validation = 0.1,
    seed: options.Seed = 0,
    device: options.OnDevice = Device.AUTO,
    free_timing: options.FreeTiming = False,
    resume: learning.Resume = False,
    force: learning.ForceModel = False,
) -> None:
    """Learn from SONGS, and write a model folder."""
    corrupt = _share_of_wrong_notes(kind, corrupt, latent)
    if beta is not None and kind is not ModelKind.VAE:
        raise typer.BadParameter("--beta weighs what codes of a vae cost, and those of others cost nothing")
    require_model_room(out, resume, force)

    from musicvae.core.training.devices import make_accelerator  # heavy, like all that follows
    from musicvae.measures.data.prepare import PrepareOptions
    from musicvae.measures.training import TrainingSetup
    from musicvae_cli.training.outcome import Training, resuming

    accelerator = make_accelerator(device.value)
    prepared = prepare_songs(songs, PrepareOptions(parts.value, steps_per_beat, free_timing), out / PREPARED)
    say_prepared(prepared)
    _require_music(prepared)
    make_folder(out)
    if minutes is None and epochs is None:
        minutes = MINUTES
    setup = TrainingSetup(validation=validation)
    network = replace(
        setup.network, autoencoder=kind.value, corrupt=corrupt, latent=latent, decoder=decoder.value
    )
    kl = setup.fit.kl._replace(beta=BETA if beta is None else beta)
    fit = replace(setup.fit, minutes=minutes, epochs=epochs, learning_rate=learning_rate, kl=kl, seed=seed)
    provenance = Making(None, str(out), seed, tuple(map(str, songs))).provenance(context)
    training = Training(prepared, replace(setup, fit=fit, network=network), out, provenance)
    _run(training, accelerator, resume, resuming(typed_arguments(context)))


def _share_of_wrong_notes(kind: ModelKind, corrupt: float | None, latent: int) -> float:
    """Return the share of the notes that the encoder is given wrongly."""
    if kind is not ModelKind.VAE and latent < 2:
        raise typer.BadParameter(
            f"the code of an {kind.value} needs two numbers or more: give --latent 2 or more"
        )
    if kind is ModelKind.DAE:
        return WRONG_NOTES if corrupt is None else corrupt
    if corrupt is not None:
        raise typer.BadParameter("--corrupt is for what a dae learns from: add --kind dae")
    return 0.0


def _run(training: Training, accelerator: Accelerator, resume: bool, command: str) -> None:
    """Train, and write and say what came of it; `command` is what goes on with it."""
    from musicvae.core.model_store.training_state import Session
    from musicvae.evaluate.training_log import TrainingLog
    from musicvae.measures.training import FIGURES
    from musicvae.measures.training import train as learn
    from musicvae_cli.training.outcome import leave_results, say_outcome, watch

    log = TrainingLog(training.out, resume, FIGURES)
    what, session = (training.prepared, training.setup), Session(training.out, accelerator, resume=resume)
    if not accelerator.is_main_process:
        learn(*what, session)
        return
    outcome = watch(lambda on_report: learn(*what, session._replace(on_report=on_report)), log)
    if not log.began and outcome.reason == "done":
        say("this training was already at its end: give it more --minutes or --epochs")
        return
    leave_results(training, outcome, log)
    say_outcome(training, outcome, command)
    if outcome.reason == "interrupted":
        raise typer.Exit(INTERRUPTED)


def _require_music(prepared: Prepared) -> None:
    from musicvae.measures.data.prepared import require_measures

    if not prepared.store.songs:
        raise SongError(f"none of the {len(prepared.reports)} files holds a song to learn from: name others")
    require_measures(prepared)
