"""A training as people watch it: a live bar, and a line for each validation, on standard error."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from musicvae_cli.training.outlook import doubt_music

if TYPE_CHECKING:
    from musicvae.core.training.report import Report


class Words(NamedTuple):
    """How a training speaks of what it trains on.

    Parameters
    ----------
    item : str
        What rate and distortion are of, such as "measure".
    name_figures : callable
        The figures of a validation in words, those that people look at first.
    doubt : callable
        What is to be said where the figures of the first validation promise little.
    """

    item: str
    name_figures: Callable[[Mapping[str, float]], str]
    doubt: Callable[[Mapping[str, float]], str] = lambda figures: ""


def _name_music(figures: Mapping[str, float]) -> str:
    onset = f"onset F1 {figures.get('onset_f1', math.nan):.3f}"
    if "note_f1" not in figures:  # of a sketch, which says cells and no notes
        return f"unseen measures come back at {onset}"
    right = f"{figures.get('accuracy', math.nan):.1%} of steps right"
    silence = f"silence has {figures.get('silence', math.nan):.1%}"
    return f"unseen songs come back at {onset}, note F1 {figures['note_f1']:.3f}, {right} ({silence})"


MUSIC = Words("measure", _name_music, doubt_music)


class TrainingProgress:
    """Shows the reports of `fit`; where standard error is no terminal, the lines alone."""

    def __init__(self, words: Words = MUSIC) -> None:
        self._words = words
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._progress = Progress(
            TextColumn("{task.fields[stage]}"),
            BarColumn(bar_width=None),
            TaskProgressColumn(),
            TextColumn("{task.fields[left]} left"),
            TextColumn("{task.fields[terms]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("training", total=1.0, stage="training", left="?", terms="")
        self._figures = ""
        self._is_first = True

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, report: Report) -> None:
        """Show where a training stands."""
        if report.scores is not None:
            self._figures = f", {self._words.name_figures(report.scores.figures)}"
            self._say(describe_validation(report, self._words))
            if self._is_first and not report.stage:
                self._is_first = False
                self._say(self._words.doubt(report.scores.figures))
        terms = (
            f"step {report.step:,}: loss {report.loss:.1f},"
            f" rate {report.rate:.1f}, distortion {report.distortion:.1f}"
        )
        self._progress.update(
            self._task,
            completed=report.progress,
            stage=report.stage or "training",
            left=describe_time_left(report),
            terms=terms + self._figures,
        )

    def _say(self, line: str) -> None:
        if line:
            self._progress.console.print(line, markup=False)


def describe_time_left(report: Report) -> str:
    """Return the time until the end of a training, as minutes and seconds."""
    if report.progress <= 0:
        return "?"
    seconds = round(report.seconds * (1 - report.progress) / report.progress)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def describe_validation(report: Report, words: Words = MUSIC) -> str:
    """Return a line on a report with scores."""
    scores = report.scores
    if scores is None:
        return ""
    free = scores.figures.get("without_code", math.nan)
    worth = "" if math.isnan(free) else f" (codes spare {free - scores.distortion:.1f} of {free:.1f})"
    best = ", the best so far" if report.is_best and not report.stage else ""
    silent = ", whose codes still say next to nothing" if best and scores.says_nothing else ""
    stage = f"{report.stage}, " if report.stage else ""
    costs = f"rate {scores.rate:.1f}, distortion {scores.distortion:.2f} nats a {words.item}{worth}"
    return (
        f"{report.seconds / 60:5.1f} min, {stage}step {report.step:,}:"
        f" {words.name_figures(scores.figures)}, {costs}{best}{silent}"
    )
