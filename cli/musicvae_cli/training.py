"""What `musicvae train` does once its songs are read: training, watched and logged, and what it leaves."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from musicvae.core.model_files import CONFIG
from musicvae_cli.console import say
from musicvae_cli.errors import to_command
from musicvae_cli.models import TRAINED_HERE

if TYPE_CHECKING:
    from musicvae.core.training import Outcome, Report
    from musicvae.evaluate.model_card import CardFacts
    from musicvae.evaluate.reconstruction import Evaluation
    from musicvae.evaluate.training_log import TrainingLog
    from musicvae.measures.prepared import Prepared
    from musicvae.measures.training import Plan
    from musicvae.midi.provenance import Provenance

SCORED_SONGS = 24
HARDLY_LEARNED = 0.5  # note F1
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
    plan : Plan
    out : Path
        The model folder.
    provenance : Provenance
        Of what it writes.
    """

    prepared: Prepared
    plan: Plan
    out: Path
    provenance: Provenance


def watch(learn: Callable[[Callable[[Report], None]], Outcome], log: TrainingLog) -> Outcome:
    """Log and show what a training reports, and return how it ended."""
    from musicvae_cli.training_progress import TrainingProgress

    with log, TrainingProgress() as progress:

        def on_report(report: Report) -> None:
            log.add(report)
            progress.show(report)

        return learn(on_report)


def write_results(training: Training, outcome: Outcome, log: TrainingLog) -> None:
    """Write what a training leaves beside its model: curves, reconstructions and the card.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    from musicvae.core.model_folder import save_card
    from musicvae.core.threads import one_thread
    from musicvae.evaluate.model_card import make_card
    from musicvae.evaluate.reconstruction import evaluate
    from musicvae.evaluate.training_results import store_to_openings, write_curves, write_reconstructions
    from musicvae.measures.model_folder import load_model
    from musicvae.measures.training import split

    if log.rows:
        write_curves(log.history(), training.out)
    if math.isinf(outcome.state.best):
        return
    store = training.prepared.store
    unseen = split(store, training.plan).validation.tolist()
    say("scoring the best model on songs it has not seen")
    chosen = unseen[:: -(-len(unseen) // SCORED_SONGS)]
    with one_thread():
        model = load_model(training.out)
        songs = store_to_openings(store, chosen, model.config)
        write_reconstructions(model, songs, training.out, training.provenance)
        scores = evaluate(model, songs)
    save_card(training.out, make_card(model.config, training.provenance, _facts(training, outcome, scores)))
    say(
        f"on songs it has not seen: {scores.step_accuracy:.1%} of steps right, note F1 {scores.note_f1:.3f}"
        f" at {scores.rate_nats:.1f} nats a measure"
    )
    if scores.note_f1 < HARDLY_LEARNED:
        say("it has hardly begun to learn what codes mean: go on with more --minutes and --resume")


def _facts(training: Training, outcome: Outcome, scores: Evaluation) -> CardFacts:
    from musicvae.evaluate.model_card import CardFacts

    store = training.prepared.store
    return CardFacts(
        songs=store.songs,
        measures=store.measures,
        steps=outcome.state.step,
        minutes=outcome.state.seconds / 60,
        scores=scores,
    )


def say_outcome(training: Training, outcome: Outcome, command: str) -> None:
    """Say how a training ended, where its model is, and by which command it can go on."""
    state = outcome.state
    say(f"{_ENDINGS[outcome.reason]} {state.seconds / 60:.1f} minutes, {state.step:,} steps")
    if math.isinf(state.best):
        kept = " (the one before is still there)" if (training.out / CONFIG).is_file() else ""
        share = f"a {training.plan.fit.checks}th of the training"
        say(f"no model yet: the first comes with the first validation, after {share}{kept}")
    else:
        say(f"the best model is in {training.out}, and what it learned from in {training.out / 'README.md'}")
        elsewhere = () if training.out == TRAINED_HERE else ("--model", str(training.out))
        say(f"write music by: {to_command(('generate', 'out.mid', *elsewhere))}")
    if outcome.reason == "interrupted":
        say(f"go on by: {command}")
