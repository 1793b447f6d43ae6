from __future__ import annotations

import pytest

from musicvae.core.training.report import Report, Scores
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
    figures = {"accuracy": 0.987, "without_code": 16, "onset_f1": 0.95, "note_f1": 0.9, "silence": 0.25}
    scored = report(90, 0.5, Scores(9, 40.5, 2.25, figures))
    line = (
        "  1.5 min, step 120: unseen songs come back at onset F1 0.950, note F1 0.900, 98.7% of steps right"
        " (silence has 25.0%), rate 40.5, distortion 2.25 nats a measure (codes spare 13.8 of 16.0),"
        " the best so far"
    )
    assert describe_validation(scored) == line
    with TrainingProgress() as progress:
        progress.show(report(80, 0.4))
        progress.show(scored)
    assert capsys.readouterr() == ("", line + "\n")


def test_a_model_whose_codes_say_nothing_is_not_praised() -> None:
    scores = Scores(9, 4.0, 15.0, {"without_code": 16.0}, says_nothing=True)
    assert describe_validation(report(90, 0.5, scores)).endswith("whose codes still say next to nothing")


def test_a_stage_before_the_last_is_named() -> None:
    scored = report(30, 0.1, Scores(9, 40.5, 2.25, {"onset_f1": 0.8}))._replace(stage="sketch")
    line = (
        "  0.5 min, sketch, step 120: unseen measures come back at onset F1 0.800,"
        " rate 40.5, distortion 2.25 nats a measure"
    )
    assert describe_validation(scored) == line


def test_a_training_of_something_else_speaks_of_that() -> None:
    words = Words("picture", lambda figures: f"PSNR {figures['psnr']:.1f} dB")
    line = "  1.5 min, step 120: PSNR 20.2 dB, rate 9.0, distortion 71.00 nats a picture, the best so far"
    assert describe_validation(report(90, 0.5, Scores(80, 9, 71, {"psnr": 20.16})), words) == line


def test_a_doubt_is_told_once_after_the_first_validation_of_the_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = Words("picture", lambda figures: "", lambda figures: f"only {figures['psnr']} dB")
    poor = report(30, 0.1, Scores(9, 40.5, 2.25, {"psnr": 3.0}))
    with TrainingProgress(words) as progress:
        for each in (poor._replace(stage="sketch"), poor, poor):
            progress.show(each)
    assert [line for line in capsys.readouterr().err.splitlines() if "only" in line] == ["only 3.0 dB"]
