from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from musicvae.evaluate.drawing.curves import curves_figure, draw_curves

HISTORY = {
    "step": [100.0, 200.0, 300.0],
    "loss": [60.0, 40.0, 30.0],
    "rate": [1.0, 10.0, 20.0],
    "validation_loss": [math.nan, 42.0, math.nan],
    "validation_step_accuracy": [math.nan, 0.5, 0.9125],
}


def test_each_quantity_has_a_panel_with_both_its_curves() -> None:
    loss, rate, accuracy = curves_figure(HISTORY).axes
    assert [axes.get_title(loc="left") for axes in (loss, rate, accuracy)] == [
        "loss",
        "rate",
        "step accuracy",
    ]
    assert [axes.get_legend_handles_labels()[1] for axes in (loss, rate, accuracy)] == [
        ["training", "validation"],
        ["training"],
        ["validation"],
    ]


def test_values_that_were_not_taken_are_left_out() -> None:
    accuracy = curves_figure(HISTORY).axes[2]
    assert np.asarray(accuracy.lines[0].get_xdata()).tolist() == [200, 300]


def test_the_last_value_of_each_curve_is_written_above_its_panel() -> None:
    assert [[text.get_text() for text in axes.texts] for axes in curves_figure(HISTORY).axes] == [
        ["30", "42"],
        ["20"],
        ["0.9125"],
    ]


def test_a_training_of_one_measurement_or_none_can_be_drawn(tmp_path: Path) -> None:
    draw_curves({"epoch": [1], "loss": [2.0]}, tmp_path / "one.png", along="epoch")
    assert (tmp_path / "one.png").is_file()
    curves_figure({"step": [1], "loss": [math.nan]}).draw_without_rendering()


@pytest.mark.parametrize(
    "history", [{}, {"step": [1.0]}, {"loss": [1.0]}], ids=["empty", "no curve", "no steps"]
)
def test_a_history_needs_its_column_of_steps_and_another(history: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match="needs the column 'step'"):
        curves_figure(history)
