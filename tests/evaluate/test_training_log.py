from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from musicvae.core.training import Report, Scores
from musicvae.errors import OutputError
from musicvae.evaluate.training_log import Row, TrainingLog, make_row, read_metrics

SCORES = Scores(loss=9.0, accuracy=0.5, rate=8.0, distortion=7.0, without_code=6.0)


@pytest.fixture(autouse=True)
def without_tensorboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)


def report(step: int, scores: Scores | None = None) -> Report:
    """Return a report; a step takes 1.1 seconds."""
    loss = float(step)
    return Report(step, step / 10, step * 1.1, 0.1, 1e-3, loss, loss + 1, loss + 2, scores)


def log_all(folder: Path, reports: Iterable[Report], resume: bool = False) -> TrainingLog:
    with TrainingLog(folder, resume) as log:
        for each in reports:
            log.add(each)
    return log


def test_a_row_is_the_mean_of_what_was_reported_since_the_last_one() -> None:
    row = make_row([report(1), report(2), report(6)])
    assert (row.step, row.loss, row.distortion, row.rate) == (6, 3.0, 4.0, 5.0)
    assert row.minutes == pytest.approx(0.11)
    assert math.isnan(row.validation_loss)


def test_a_validation_has_its_scores_in_the_row() -> None:
    row = make_row([report(1)], SCORES)
    assert (row.validation_loss, row.validation_accuracy, row.validation_without_code) == (9.0, 0.5, 6.0)


def test_rows_come_every_few_seconds_and_at_each_validation(tmp_path: Path) -> None:
    log = log_all(tmp_path, [*map(report, range(1, 6)), report(5, SCORES), report(6)])
    assert [row.step for row in log.rows] == [2, 4, 5, 6]
    assert [row.validation_accuracy for row in log.rows if math.isfinite(row.validation_accuracy)] == [0.5]


def test_what_is_written_is_what_was_logged(tmp_path: Path) -> None:
    log = log_all(tmp_path, [report(123456), report(123456, SCORES)])
    assert (tmp_path / "metrics.csv").read_text().splitlines()[0] == ",".join(Row._fields)
    assert read_metrics(tmp_path / "metrics.csv") == log.rows
    assert log.history()["step"] == [123456]


def test_it_is_on_disk_before_the_training_ends(tmp_path: Path) -> None:
    log = TrainingLog(tmp_path)
    log.add(report(1))
    log.add(report(1, SCORES))
    assert len(read_metrics(tmp_path / "metrics.csv")) == 1
    log.__exit__(None, None, None)


def test_a_training_that_goes_on_appends(tmp_path: Path) -> None:
    log_all(tmp_path, map(report, range(1, 5)))
    log = log_all(tmp_path, map(report, range(5, 9)), resume=True)
    assert [row.step for row in read_metrics(tmp_path / "metrics.csv")] == [2, 4, 6, 8]
    assert [row.step for row in log.rows] == [2, 4, 6, 8]


def test_steps_that_are_done_again_replace_those_that_were_lost(tmp_path: Path) -> None:
    log_all(tmp_path, map(report, range(1, 9)))
    log_all(tmp_path, map(report, range(5, 7)), resume=True)
    assert [row.step for row in read_metrics(tmp_path / "metrics.csv")] == [2, 4, 6]


def test_a_new_training_begins_anew(tmp_path: Path) -> None:
    log_all(tmp_path, map(report, range(1, 9)))
    assert [row.step for row in log_all(tmp_path, [report(1)]).rows] == [1]
    assert len(read_metrics(tmp_path / "metrics.csv")) == 1


def test_an_old_log_stays_until_there_is_something_to_report(tmp_path: Path) -> None:
    log_all(tmp_path, [report(1)])
    assert not log_all(tmp_path, []).began
    assert len(read_metrics(tmp_path / "metrics.csv")) == 1


@pytest.mark.parametrize("text", ["", "words\n", "step\n1\n", ",".join(Row._fields) + "\n1,2,thr"])
def test_a_log_that_is_damaged_has_no_rows(tmp_path: Path, text: str) -> None:
    (tmp_path / "metrics.csv").write_text(text)
    assert read_metrics(tmp_path / "metrics.csv") == []


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
