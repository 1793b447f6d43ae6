"""The log of a training: what `fit` reports, written as it goes, so that it survives whatever ends it.

Conventions
-----------
`metrics.csv` has a row every few seconds and one for each validation: means over the steps since the
row before, and at a validation its scores (empty in other rows). `tensorboard/` says the same, if the
package tensorboard is installed. A training that goes on appends; a new one begins anew.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from musicvae.core.training.report import Report, Scores
from musicvae.outputs import new_file, refusing

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

METRICS, BOARD = "metrics.csv", "tensorboard"
SECONDS_A_ROW = 2.0
_TRAINED = ("step", "epoch", "minutes", "learning_rate", "loss", "distortion", "rate")
_EVENTS = "events.out.tfevents.*"  # what tensorboard calls its files


Row = dict[str, float]  # by the names of `columns`; NaN is a value that was not taken


def columns(figures: Sequence[str] = ()) -> list[str]:
    """Return the columns of a log whose validations take these figures: see `core.training.fit.Scores`."""
    validated = ("loss", "distortion", "rate", *figures)
    return [*_TRAINED, *(f"validation_{name}" for name in validated)]


def make_row(reports: Sequence[Report], scores: Scores | None = None) -> Row:
    """Return the means over some reports, one or more, as of the last of them."""
    last = reports[-1]

    def mean(values: Iterable[float]) -> float:
        return sum(values) / len(reports)

    row: Row = {
        "step": last.step,
        "epoch": last.epoch,
        "minutes": last.seconds / 60,
        "learning_rate": last.learning_rate,
        "loss": mean(report.loss for report in reports),
        "distortion": mean(report.distortion for report in reports),
        "rate": mean(report.rate for report in reports),
    }
    if scores is not None:
        validated = {"loss": scores.loss, "distortion": scores.distortion, "rate": scores.rate}
        row |= {f"validation_{name}": value for name, value in (validated | dict(scores.figures)).items()}
    return row


def read_metrics(path: Path, names: Sequence[str]) -> list[Row]:
    """Return the rows of a metrics.csv with these columns; what is not a row of ours is left out."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
    rows = []
    for line in lines[1:] if lines and lines[0] == list(names) else []:
        try:
            values = [float(cell) if cell else math.nan for cell in line]
            rows.append(dict(zip(names, values, strict=True)))
        except ValueError:  # a line cut off by a crash
            continue
    return rows


class TrainingLog:
    """Writes what a training reports into its folder.

    Parameters
    ----------
    folder : Path
        Must exist when the first report comes.
    resume : bool
        Go on with the log that is there, from the first step reported.
    figures : sequence of str
        The names of what validations say besides the loss and its terms.
    """

    def __init__(self, folder: Path, resume: bool = False, figures: Sequence[str] = ()) -> None:
        self.folder = folder
        self.columns = columns(figures)
        self.rows = read_metrics(folder / METRICS, self.columns) if resume else []
        self._since: list[Report] = []
        self._file: TextIO | None = None
        self._board: SummaryWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._since:
            self._write(make_row(self._since))
        if self._file is not None:
            self._file.close()
        if self._board is not None:
            self._board.close()

    @property
    def began(self) -> bool:
        """Whether there was anything to report."""
        return self._file is not None

    def add(self, report: Report) -> None:
        """Take in a report of `fit`.

        Raises
        ------
        OutputError
            If the log cannot be written.
        """
        if report.stage:  # its terms are of another loss
            return
        if self._file is None:
            self._begin(report.step)
        if report.scores is not None:
            self._write(make_row(self._since or [report], report.scores))
            return
        written = 60 * self.rows[-1]["minutes"] if self.rows else 0.0
        if self._since and self._since[-1].seconds - written >= SECONDS_A_ROW:
            self._write(make_row(self._since))
        self._since.append(report)

    def history(self) -> dict[str, list[float]]:
        """Return the columns by their names: what `curves.draw_curves` draws."""
        return {name: [row.get(name, math.nan) for row in self.rows] for name in self.columns}

    def _begin(self, step: int) -> None:
        """Open the files; rows from this step on are of a course that was not kept, and go."""
        self.rows = [row for row in self.rows if row["step"] < step]
        path = self.folder / METRICS
        with new_file(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([self.columns, *map(self._cells, self.rows)])
        with refusing(path):
            self._file = path.open("a", newline="", encoding="utf-8")
        self._board = _open_board(self.folder / BOARD, step if self.rows else None)

    def _write(self, row: Row) -> None:
        self.rows.append(row)
        self._since = []
        if self._file is not None:
            with refusing(self.folder / METRICS):
                csv.writer(self._file).writerow(self._cells(row))
                self._file.flush()
        if self._board is not None:
            for name, value in row.items():
                if name != "step" and math.isfinite(value):
                    self._board.add_scalar(name, value, int(row["step"]))

    def _cells(self, row: Row) -> list[str]:
        values = (row.get(name, math.nan) for name in self.columns)
        return ["" if math.isnan(value) else f"{value:.9g}" for value in values]


def _open_board(folder: Path, step: int | None) -> SummaryWriter | None:
    """Return a writer for TensorBoard, if it is installed; with a step, one that goes on there."""
    try:
        from torch.utils.tensorboard import SummaryWriter  # takes a second, and may not be there
    except ImportError:
        return None
    with refusing(folder):
        if step is None:
            for events in folder.glob(_EVENTS):
                events.unlink()
        return SummaryWriter(str(folder), purge_step=step)
