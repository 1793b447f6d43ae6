"""A training as a command runs it: shown, logged and scored, and what is said of it in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from musicvae.core.model_store.model_files import CONFIG
from musicvae_cli.shell.console import say
from musicvae_cli.shell.errors import ARGUMENTS, INTERRUPTED, to_command

if TYPE_CHECKING:
    from musicvae.core.model_store.training_state import Session
    from musicvae.core.training.fit import Outcome
    from musicvae.core.training.report import Report
    from musicvae.evaluate.training_log import TrainingLog
    from musicvae_cli.training.progress import Words

_ENDINGS = {
    "done": "trained for",
    "no longer better": "stopped, since the model was no longer getting better, after",
    "interrupted": "interrupted after",
}


@dataclass(frozen=True)
class TrainingRun:
    """What is trained, and how it is spoken of.

    Parameters
    ----------
    learn : callable
        Trains, given a `Session`.
    leave_results : callable
        Writes what a training leaves beside its model, and says what the model is worth.
    log : TrainingLog
        In the model's folder.
    words : Words
    use : str
        What to do with the model, in words.
    results : tuple of str
        The files by which a model's folder shows that its results are there.
    """

    learn: Callable[[Session], Outcome]
    leave_results: Callable[[Outcome, TrainingLog], None]
    log: TrainingLog
    words: Words
    use: str
    results: tuple[str, ...]

    @property
    def has_results(self) -> bool:
        """Whether the model was scored, which whoever interrupts a training may prevent."""
        return all((self.log.folder / name).is_file() for name in self.results)


def run(training: TrainingRun, session: Session, command: str) -> None:
    """Train, and write and say what came of it; `command` is what goes on with it."""
    log = training.log
    if not session.accelerator.is_main_process:
        training.learn(session)
        return
    from musicvae.core.model_store.training_state import compact_training

    outcome = _watch(training, session)
    if not log.began and outcome.reason == "done" and training.has_results:
        say("this training was already at its end: give it more --minutes or --epochs")
        return
    if outcome.has_model and outcome.reason != "interrupted":
        compact_training(session.folder)
    training.leave_results(outcome, log)
    _say_ending(training, outcome, command)
    if outcome.reason == "interrupted":
        raise typer.Exit(INTERRUPTED)


def _watch(training: TrainingRun, session: Session) -> Outcome:
    """Log and show what a training reports, and return how it ended."""
    from musicvae_cli.training.progress import TrainingProgress

    with training.log as log, TrainingProgress(training.words) as progress:

        def on_report(report: Report) -> None:
            log.add(report)
            progress.show(report)

        return training.learn(session._replace(on_report=on_report))


def _say_ending(training: TrainingRun, outcome: Outcome, command: str) -> None:
    """Say how a training ended, what can be done with its model, and by which command it can go on."""
    state, folder = outcome.state, training.log.folder
    say(f"{_ENDINGS[outcome.reason]} {state.seconds / 60:.1f} minutes, {state.step:,} steps")
    if not outcome.has_model:
        kept = " (the one before is still there)" if (folder / CONFIG).is_file() else ""
        say(f"no model yet: the first comes with the first validation{kept}")
    else:
        say(f"the best model is in {folder}, and what it learned from in {folder / 'README.md'}")
        say(training.use)
    if outcome.reason == "interrupted":
        say(f"go on by: {command}")


def resuming(context: typer.Context) -> str:
    """Return the command that goes on with the training that was asked for."""
    kept = (argument for argument in context.meta[ARGUMENTS] if argument not in ("--force", "--resume"))
    return to_command((*kept, "--resume"))
