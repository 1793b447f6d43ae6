from __future__ import annotations

import pytest

from musicvae.core.training import Report, Scores
from musicvae_cli.training_progress import TrainingProgress, describe_time_left, describe_validation


def report(seconds: float, progress: float, scores: Scores | None = None) -> Report:
    return Report(120, 1.5, seconds, progress, 1e-3, 23.4, 20.0, 41.0, scores, is_best=scores is not None)


@pytest.mark.parametrize(
    ("seconds", "progress", "left"),
    [(0, 0, "?"), (60, 0.5, "1:00"), (150, 0.25, "7:30"), (3600, 0.25, "3:00:00"), (600, 1, "0:00")],
)
def test_the_time_left_goes_by_the_share_that_is_done(seconds: float, progress: float, left: str) -> None:
    assert describe_time_left(report(seconds, progress)) == left


def test_a_validation_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    scored = report(90, 0.5, Scores(loss=9, accuracy=0.987, rate=40.5, distortion=2.25, without_code=16))
    line = (
        "  1.5 min, step 120: 98.7% of steps right, rate 40.5, distortion 2.25 nats a measure"
        " (16.0 without codes), the best so far"
    )
    assert describe_validation(scored) == line
    with TrainingProgress() as progress:
        progress.show(report(80, 0.4))
        progress.show(scored)
    assert capsys.readouterr() == ("", line + "\n")
