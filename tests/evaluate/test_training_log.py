from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from musicvae.core.training.report import Report, Scores
from musicvae.errors import OutputError
from musicvae.evaluate.training_log import METRICS, Row, TrainingLog, columns, make_row, read_metrics

FIGURES = ("without_code", "accuracy")
COLUMNS = columns(FIGURES)
SCORES = Scores(9.0, rate=8.0, distortion=7.0, figures={"accuracy": 0.5, "without_code": 6.0})


@pytest.fixture(autouse=True)
def without_tensorboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)


def report(step: int, scores: Scores | None = None) -> Report:
    """Return a report; a step takes 1.1 seconds."""
    loss = float(step)
    return Report(step, step / 10, step * 1.1, 0.1, 1e-3, loss, loss + 1, loss + 2, scores)


def log_all(folder: Path, reports: Iterable[Report], resume: bool = False) -> TrainingLog:
    with TrainingLog(folder, resume, FIGURES) as log:
        for each in reports:
            log.add(each)
    return log


def read(folder: Path) -> list[Row]:
    return read_metrics(folder / METRICS, COLUMNS)


def test_a_row_is_the_mean_of_what_was_reported_since_the_last_one() -> None:
    row = make_row([report(1), report(2), report(6)])
    assert tuple(row[name] for name in ("step", "loss", "distortion", "rate")) == (6, 3.0, 4.0, 5.0)
    assert row["minutes"] == pytest.approx(0.11)
    assert "validation_loss" not in row


def test_a_validation_has_its_scores_in_the_row() -> None:
    row = make_row([report(1)], SCORES)
    names = ("loss", "distortion", "rate", *FIGURES)
    assert [row[f"validation_{name}"] for name in names] == [9.0, 7.0, 8.0, 6.0, 0.5]


def test_rows_come_every_few_seconds_and_at_each_validation(tmp_path: Path) -> None:
    log = log_all(tmp_path, [*map(report, range(1, 6)), report(5, SCORES), report(6)])
    assert [row["step"] for row in log.rows] == [2, 4, 5, 6]
    assert [value for value in log.history()["validation_accuracy"] if math.isfinite(value)] == [0.5]


def test_what_is_written_is_what_was_logged(tmp_path: Path) -> None:
    log = log_all(tmp_path, [report(123456), report(123456, SCORES)])
    assert (tmp_path / "metrics.csv").read_text().splitlines()[0] == ",".join(COLUMNS)
    assert [list(row.values()) for row in read(tmp_path)[1:]] == [list(row.values()) for row in log.rows[1:]]
    assert all(math.isnan(value) for name, value in read(tmp_path)[0].items() if name not in log.rows[0])
    assert log.history()["step"] == [123456]


def test_it_is_on_disk_before_the_training_ends(tmp_path: Path) -> None:
    log = TrainingLog(tmp_path, figures=FIGURES)
    log.add(report(1))
    log.add(report(1, SCORES))
    assert len(read(tmp_path)) == 1
    log.__exit__(None, None, None)


def test_a_training_that_goes_on_appends(tmp_path: Path) -> None:
    log_all(tmp_path, map(report, range(1, 5)))
    log = log_all(tmp_path, map(report, range(5, 9)), resume=True)
    assert [row["step"] for row in read(tmp_path)] == [2, 4, 6, 8]
    assert [row["step"] for row in log.rows] == [2, 4, 6, 8]


def test_steps_that_are_done_again_replace_those_that_were_lost(tmp_path: Path) -> None:
    log_all(tmp_path, map(report, range(1, 9)))
    log_all(tmp_path, map(report, range(5, 7)), resume=True)
    assert [row["step"] for row in read(tmp_path)] == [2, 4, 6]


def test_a_new_training_begins_anew(tmp_path: Path) -> None:
    log_all(tmp_path, map(report, range(1, 9)))
    assert [row["step"] for row in log_all(tmp_path, [report(1)]).rows] == [1]
    assert len(read(tmp_path)) == 1


def test_an_old_log_stays_until_there_is_something_to_report(tmp_path: Path) -> None:
    log_all(tmp_path, [report(1)])
    assert not log_all(tmp_path, []).began
    assert len(read(tmp_path)) == 1


@pytest.mark.parametrize("text", ["", "words\n", "step\n1\n", ",".join(COLUMNS) + "\n1,2,thr"])
def test_a_log_that_is_damaged_has_no_rows(tmp_path: Path, text: str) -> None:
    (tmp_path / "metrics.csv").write_text(text)
    assert read(tmp_path) == []


def test_a_log_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its folder does not exist"):
        log_all(tmp_path / "nowhere", [report(1)])


def test_tensorboard_gets_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    board = pytest.importorskip("torch.utils.tensorboard")
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    assert board
    for seed in range(2):  # the second training replaces the first
        log_all(tmp_path, [report(3 + seed), report(3 + seed, SCORES)])
    events = accumulator.EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert [(event.step, event.value) for event in events.Scalars("validation_accuracy")] == [(4, 0.5)]
