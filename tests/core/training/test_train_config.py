from __future__ import annotations

import pytest

from musicvae.core.training.train_config import TrainConfig


def test_a_training_needs_an_end() -> None:
    with pytest.raises(ValueError, match="give minutes or epochs"):
        TrainConfig()


@pytest.mark.parametrize(("minutes", "epochs"), [(0.0, None), (-1.0, None), (None, 0), (None, -3), (10.0, 0)])
def test_bounds_are_more_than_nothing(minutes: float | None, epochs: int | None) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        TrainConfig(minutes=minutes, epochs=epochs)


@pytest.mark.parametrize(
    ("seconds", "epochs", "progress"),
    [(0, 0, 0.0), (30, 1, 0.25), (90, 1, 0.75), (30, 3.5, 0.875), (150, 0, 1.0), (0, 9, 1.0)],
)
def test_the_nearer_bound_counts(seconds: float, epochs: float, progress: float) -> None:
    assert TrainConfig(minutes=2, epochs=4).progress_at(seconds, epochs) == pytest.approx(progress)


def test_a_bound_that_is_not_given_does_not_count() -> None:
    assert TrainConfig(epochs=4).progress_at(1e9, 1) == 0.25
    assert TrainConfig(minutes=1).progress_at(15, 1e9) == 0.25


@pytest.mark.parametrize(
    ("progress", "share"), [(0.0, 0.01), (0.1, 0.505), (0.2, 1.0), (0.6, 0.505), (1.0, 0.01)]
)
def test_the_learning_rate_rises_evenly_and_falls_along_a_cosine(progress: float, share: float) -> None:
    config = TrainConfig(epochs=1, learning_rate=0.5, warmup=0.2)
    assert config.learning_rate_at(progress) == pytest.approx(0.5 * share)


def test_what_is_learned_besides_counts_ever_less() -> None:
    config = TrainConfig(epochs=1, besides=0.25, begin=0.5)
    assert [config.besides_at(progress) for progress in (0.5, 0.75, 1.0)] == pytest.approx([1.0, 0.5, 0.25])
