"""`musicvae train`: songs -> a model folder."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import musicvae_cli.shell.options as options
import musicvae_cli.training.train_options as learning
from musicvae.core.objective import AutoencoderKind
from musicvae.errors import SongError
from musicvae.measures.data.training_defaults import FIT, LATENT, VALIDATION, WRONG_NOTES
from musicvae.outputs import make_folder
from musicvae_cli.inputs.find_model import TRAINED_HERE
from musicvae_cli.inputs.model_worth import say_worth
from musicvae_cli.inputs.prepared_songs import prepare_songs, require_songs, say_prepared
from musicvae_cli.outputs.made_by import make_provenance
from musicvae_cli.outputs.model_folder import PREPARED, require_free_folder
from musicvae_cli.shell.console import patient_bar, say
from musicvae_cli.shell.errors import to_command
from musicvae_cli.training.outlook import doubt_songs
from musicvae_cli.training.run import TrainingRun, resuming, run

if TYPE_CHECKING:
    from musicvae.core.training.fit import Outcome
    from musicvae.evaluate.training import Training
    from musicvae.evaluate.training_log import TrainingLog
    from musicvae.measures.preparing.prepared import Prepared
    from musicvae.measures.training import TrainingSetup

# Kept for the last validation and what follows: a share of the minutes, and the most, in minutes.
RESULTS, MOST_RESULTS = 0.15, 0.75
_PURPOSES = {"ae": "compress a song", "dae": "say a song with wrong notes back", "vae": "write music"}

Parts = Annotated[
    Literal["auto", "melody", "piano", "voices", "band"],
    typer.Option(help="The parts to arrange songs in; auto looks at them."),
]
Kind = Annotated[
    AutoencoderKind,
    typer.Option(help="Codes as points (ae), from songs with wrong notes (dae), or as Gaussians (vae)."),
]
Corrupt = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        callback=options.finite,
        help="Share of the notes that a dae is given wrongly: dropped, repitched, moved, stretched, extra.",
        show_default=f"{WRONG_NOTES} for a dae",
    ),
]
Beta = Annotated[
    float | None,
    typer.Option(
        min=0,
        callback=options.finite,
        help="Weight of the rate: more gives a plainer space, less exacter copies.",
        show_default=f"{FIT.kl.beta}, of a vae",
    ),
]
DecoderKind = Annotated[
    Literal["recurrent", "conv"],
    typer.Option("--decoder", help="Notes, hearing the song; or piano rolls of single measures."),
]
Preview = Annotated[
    bool,
    typer.Option(
        "--preview/--no-preview",
        help="Write five pieces and a walk between two of the songs beside the model, in the end.",
    ),
]


def train(
    context: typer.Context,
    songs: options.Songs,
    out: learning.ModelOut = TRAINED_HERE,
    parts: Parts = "auto",
    kind: Kind = "vae",
    corrupt: Corrupt = None,
    latent: Annotated[int, learning.latent_of("measure")] = LATENT,
    beta: Beta = None,
    decoder: DecoderKind = "recurrent",
    epochs: Annotated[int | None, learning.epochs_over("songs")] = None,
    minutes: Annotated[float | None, learning.minutes_or(FIT)] = None,
    learning_rate: learning.LearningRate = FIT.learning_rate,
    validation: Annotated[float, learning.validation_of("songs")] = VALIDATION,
    seed: options.Seed = FIT.seed,
    device: options.OnDevice = "auto",
    free_timing: options.FreeTiming = False,
    preview: Preview = True,
    resume: learning.Resume = False,
    force: learning.ForceModel = False,
) -> None:
    """Learn from SONGS, and write a model folder."""
    corrupt = _share_of_wrong_notes(kind, corrupt, latent)
    if beta is not None and kind != "vae":
        raise typer.BadParameter(learning.BETA_OF_OTHERS)
    require_free_folder(out, resume, force)
    require_songs(songs)

    from musicvae.core.model_store.training_state import Session  # heavy, like all that follows
    from musicvae.core.training.devices import make_accelerator
    from musicvae.evaluate.training import Training
    from musicvae.measures.preparing.prepare import PrepareOptions
    from musicvae.measures.training import TrainingSetup

    accelerator = make_accelerator(device)
    prepared = prepare_songs(songs, PrepareOptions(parts, free_timing=free_timing), out / PREPARED)
    say_prepared(prepared)
    _require_music(prepared)
    for doubt in doubt_songs(prepared.store):
        say(doubt)
    make_folder(out)
    fit = learning.choose_fit(FIT, minutes, epochs, beta, learning_rate=learning_rate, seed=seed)
    setup = TrainingSetup(fit, validation=validation, results=_share_of_results(fit.minutes))
    network = replace(setup.network, autoencoder=kind, corrupt=corrupt, latent=latent, decoder=decoder)
    setup = replace(setup, network=network)
    provenance = make_provenance(context, None, str(out), seed, songs)
    training = Training(prepared, setup, out, provenance)
    session = Session(out, accelerator, resume=resume)
    run(_make_run(training, resume, preview), session, resuming(context))


def _share_of_wrong_notes(kind: AutoencoderKind, corrupt: float | None, latent: int) -> float:
    """Return the share of the notes that the encoder is given wrongly."""
    if kind != "vae" and latent < 2:
        raise typer.BadParameter(f"the code of an {kind} needs two numbers or more: give --latent 2 or more")
    if kind == "dae":
        return WRONG_NOTES if corrupt is None else corrupt
    if corrupt is not None:
        raise typer.BadParameter("--corrupt is for what a dae learns from: add --kind dae")
    return 0.0


def _share_of_results(minutes: float | None) -> float:
    """Return the share of the minutes in which the trained model is scored, drawn and heard."""
    return min(RESULTS, MOST_RESULTS / minutes) if minutes else 0.0


def _require_music(prepared: Prepared) -> None:
    from musicvae.measures.preparing.prepared import require_measures

    if not prepared.store.songs:
        raise SongError(f"none of the {len(prepared.reports)} files holds a song to learn from: name others")
    require_measures(prepared)


def _make_run(training: Training[Prepared, TrainingSetup], resume: bool, preview: bool) -> TrainingRun:
    from musicvae.core.model_store.model_files import CARD, SCORES
    from musicvae.evaluate.training_log import TrainingLog
    from musicvae.measures.training import train as learn
    from musicvae.measures.validation import FIGURES
    from musicvae_cli.training.progress import MUSIC

    return TrainingRun(
        learn=partial(learn, training.data, training.setup),
        leave_results=partial(_leave_results, training, preview),
        log=TrainingLog(training.folder, resume, FIGURES),
        words=MUSIC,
        use=_name_use(training.setup.network.autoencoder, training.folder),
        results=(CARD, SCORES),
    )


def _name_use(kind: AutoencoderKind, folder: Path) -> str:
    """Return what to do with a model of such a kind, and by which command."""
    from musicvae.evaluate.music.model_card import USES

    elsewhere = () if folder == TRAINED_HERE else ("--model", str(folder))
    return f"{_PURPOSES[kind]} by: {to_command((*USES[kind], *elsewhere))}"


def _leave_results(
    training: Training[Prepared, TrainingSetup], preview: bool, outcome: Outcome, log: TrainingLog
) -> None:
    """Write what a training leaves beside its model, and say what the model is worth."""
    from musicvae.evaluate.music.training_results import write_results

    if outcome.has_model:
        say("scoring the best model on songs it has not seen")
    with patient_bar("scoring") as advance:
        scores = write_results(training, outcome, log.history(), advance)
    if scores is None:
        return
    say(
        f"on songs it has not seen: {scores.step_accuracy:.1%} of steps right, note F1 {scores.note_f1:.3f}"
        f" at {scores.rate_nats:.1f} nats a measure"
    )
    say_worth(training.folder)
    if preview:
        _preview(training)


def _preview(training: Training[Prepared, TrainingSetup]) -> None:
    """Write music by the new model, and say where it is."""
    from musicvae.evaluate.music.preview import write_preview

    if written := write_preview(training):
        say(f"to hear what it makes: {', '.join(map(str, written))}")
