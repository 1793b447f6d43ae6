from __future__ import annotations

import pytest

from musicvae.core.training.fit import Report, Scores
from musicvae_cli.training.progress import TrainingProgress, Words, describe_time_left, describe_validation


def report(seconds: float, progress: float, scores: Scores | None = None) -> Report:
    return Report(120, 1.5, seconds, progress, 1e-3, 23.4, 20.0, 41.0, scores, is_best=scores is not None)


@pytest.mark.parametrize(
    ("seconds", "progress", "left"),
    [(0, 0, "?"), (60, 0.5, "1:00"), (150, 0.25, "7:30"), (3600, 0.25, "3:00:00"), (600, 1, "0:00")],
)
def test_the_time_left_goes_by_the_share_that_is_done(seconds: float, progress: float, left: str) -> None:
    assert describe_time_left(report(seconds, progress)) == left


def test_a_validation_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    figures = {"accuracy": 0.987, "without_code": 16}
    scored = report(90, 0.5, Scores(9, 40.5, 2.25, figures))
    line = (
        "  1.5 min, step 120: 98.7% of steps right, rate 40.5, distortion 2.25 nats a measure"
        " (16.0 without codes), the best so far"
    )
    assert describe_validation(scored) == line
    with TrainingProgress() as progress:
        progress.show(report(80, 0.4))
        progress.show(scored)
    assert capsys.readouterr() == ("", line + "\n")


def test_a_training_of_something_else_speaks_of_that() -> None:
    words = Words("picture", lambda figures: f"PSNR {figures['psnr']:.1f} dB")
    line = "  1.5 min, step 120: PSNR 20.2 dB, rate 9.0, distortion 71.00 nats a picture, the best so far"
    assert describe_validation(report(90, 0.5, Scores(80, 9, 71, {"psnr": 20.16})), words) == line
