"""What `musicvae train` does once its songs are read: training, shown and logged, and what is said of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from musicvae.core.model_store.model_files import CONFIG
from musicvae_cli.inputs.find_model import TRAINED_HERE
from musicvae_cli.shell.console import say
from musicvae_cli.shell.errors import to_command

if TYPE_CHECKING:
    from musicvae.core.training.fit import Outcome, Report
    from musicvae.evaluate.training_log import TrainingLog
    from musicvae.measures.data.prepared import Prepared
    from musicvae.measures.training import TrainingSetup
    from musicvae.provenance import Provenance
    from musicvae_cli.training.progress import Words

HARDLY_LEARNED = 0.5  # note F1
_PURPOSES = {"ae": "compress a song", "dae": "say a song with wrong notes back", "vae": "write music"}
_ENDINGS = {
    "done": "trained for",
    "no longer better": "stopped, since the model was no longer getting better, after",
    "interrupted": "interrupted after",
}


@dataclass(frozen=True)
class Training:
    """What is trained on what.

    Parameters
    ----------
    prepared : Prepared
    setup : TrainingSetup
    out : Path
        The model folder.
    provenance : Provenance
        Of what it writes.
    """

    prepared: Prepared
    setup: TrainingSetup
    out: Path
    provenance: Provenance


def watch(
    learn: Callable[[Callable[[Report], None]], Outcome], log: TrainingLog, words: Words | None = None
) -> Outcome:
    """Log and show what a training reports, and return how it ended."""
    from musicvae_cli.training.progress import MUSIC, TrainingProgress

    with log, TrainingProgress(words or MUSIC) as progress:

        def on_report(report: Report) -> None:
            log.add(report)
            progress.show(report)

        return learn(on_report)


def leave_results(training: Training, outcome: Outcome, log: TrainingLog) -> None:
    """Write what a training leaves beside its model, and say what the model is worth.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    from musicvae.evaluate.music.training_results import Trained, write_results

    trained = Trained(training.prepared, training.setup, training.out, outcome, log.history())
    if trained.has_model:
        say("scoring the best model on songs it has not seen")
    scores = write_results(trained, training.provenance)
    if scores is None:
        return
    say(
        f"on songs it has not seen: {scores.step_accuracy:.1%} of steps right, note F1 {scores.note_f1:.3f}"
        f" at {scores.rate_nats:.1f} nats a measure"
    )
    if scores.note_f1 < HARDLY_LEARNED:
        say("it has hardly begun to learn what codes mean: go on with more --minutes and --resume")


def say_outcome(training: Training, outcome: Outcome, command: str) -> None:
    """Say how a training ended, where its model is, and by which command it can go on."""
    from musicvae.evaluate.music.model_card import USES

    elsewhere = () if training.out == TRAINED_HERE else ("--model", str(training.out))
    kind = training.setup.network.autoencoder
    use = f"{_PURPOSES[kind]} by: {to_command((*USES[kind], *elsewhere))}"
    say_ending(outcome, training.out, training.setup.fit.checks, use, command)


def say_ending(outcome: Outcome, out: Path, checks: int, use: str, command: str) -> None:
    """Say how a training ended, what can be done with its model, and by which command it can go on.

    Parameters
    ----------
    outcome : Outcome
    out : Path
        The model folder.
    checks : int
        Validations in the course of the training.
    use : str
        What to do with the model, in words.
    command : str
        What goes on with the training.
    """
    state = outcome.state
    say(f"{_ENDINGS[outcome.reason]} {state.seconds / 60:.1f} minutes, {state.step:,} steps")
    if math.isinf(state.best):
        kept = " (the one before is still there)" if (out / CONFIG).is_file() else ""
        share = f"a {checks}th of the training"
        say(f"no model yet: the first comes with the first validation, after {share}{kept}")
    else:
        say(f"the best model is in {out}, and what it learned from in {out / 'README.md'}")
        say(use)
    if outcome.reason == "interrupted":
        say(f"go on by: {command}")


def resuming(arguments: tuple[str, ...]) -> str:
    """Return the command that goes on with a training, given the one that began it."""
    return to_command(
        (*(argument for argument in arguments if argument not in ("--force", "--resume")), "--resume")
    )
