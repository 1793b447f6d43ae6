"""Learning curves: how training went, a panel for each quantity.

Importing this module imports matplotlib: do so only when there is something to draw.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from musicvae.evaluate.drawing.figure_file import write_picture
from musicvae.evaluate.drawing.roll_axes import BEAT_COLOUR, GREY_INK, INK, MEASURE_COLOUR, PART_COLOURS


class _Look(NamedTuple):
    """How a curve is drawn; its last value stands above the panel, ending at `right` of its width."""

    label: str
    colour: str
    right: float


CURVES = "curves.png"
# The validation's loss adds up what the other panels show, and is not the loss of training.
_NOT_DRAWN = {"epoch", "minutes", "validation_loss"}
_WIDTH, _DPI = 12.0, 150
_COLUMNS, _PANEL_HEIGHT = 4, 2.5
_CURVES = {
    "": _Look("training", PART_COLOURS[0], 0.78),
    "validation_": _Look("validation", PART_COLOURS[1], 1.0),
}


def write_curves(history: Mapping[str, Sequence[float]], folder: Path) -> None:
    """Draw the curves of a training, given the columns of its log.

    Raises
    ------
    OutputError
        If the picture cannot be written.
    """
    columns = {
        name: values
        for name, values in history.items()
        if name not in _NOT_DRAWN and any(map(math.isfinite, values))
    }
    draw_curves(columns, folder / CURVES, overwrite=True)


def draw_curves(
    history: Mapping[str, Sequence[float]], path: Path, along: str = "step", overwrite: bool = False
) -> None:
    """Write learning curves as a picture: see `curves_figure`.

    Raises
    ------
    ValueError
        As `curves_figure` does.
    OutputError
        If the file cannot be written, or is somebody else's.
    """
    write_picture(curves_figure(history, along), path, overwrite)


def curves_figure(history: Mapping[str, Sequence[float]], along: str = "step") -> Figure:
    """Return a panel for each quantity, its values on training and validation data in one.

    Parameters
    ----------
    history : mapping of str to sequence of float
        Columns of one length. That of a quantity on the validation data has the quantity's name
        with `validation_` before it; either may be there alone. NaN is a value that was not taken.
    along : str
        The column along which the others are drawn.

    Raises
    ------
    ValueError
        If that column is missing or the only one.
    """
    quantities = list(dict.fromkeys(name.removeprefix("validation_") for name in history if name != along))
    if along not in history or not quantities:
        raise ValueError(f"a history needs the column {along!r} and another one, got {sorted(history)}")
    columns = min(_COLUMNS, len(quantities))
    lines = math.ceil(len(quantities) / columns)
    size = (_WIDTH, _PANEL_HEIGHT * lines + 0.3)
    figure = Figure(figsize=size, dpi=_DPI, facecolor="white", layout="constrained")
    for index, quantity in enumerate(quantities, start=1):
        axes = figure.add_subplot(lines, columns, index)
        _prepare_panel(axes, quantity, along)
        for prefix, look in _CURVES.items():
            if prefix + quantity in history:
                _draw_curve(axes, history[along], history[prefix + quantity], look)
    _name_curves(figure)
    return figure


def _name_curves(figure: Figure) -> None:
    """Write once, above all panels, which curve is which."""
    lines = {line.get_label(): line for axes in figure.axes for line in axes.get_legend_handles_labels()[0]}
    figure.legend(
        handles=list(lines.values()),
        loc="outside upper right",
        ncols=len(_CURVES),
        frameon=False,
        fontsize=10,
        labelcolor=INK,
    )


def _prepare_panel(axes: Axes, quantity: str, along: str) -> None:
    axes.set_title(quantity.replace("_", " "), loc="left", fontsize=11, fontweight="bold", color=INK)
    axes.set_xlabel(along.replace("_", " "), fontsize=9, color=GREY_INK)
    axes.grid(color=BEAT_COLOUR, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.margins(x=0.02)
    axes.tick_params(length=0, labelsize=9, labelcolor=GREY_INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MEASURE_COLOUR)


def _draw_curve(axes: Axes, along: Sequence[float], values: Sequence[float], look: _Look) -> None:
    """Draw a curve through the values that are known, and write the last one above the panel."""
    places, heights = np.asarray(along, dtype=float), np.asarray(values, dtype=float)
    known = np.isfinite(heights)
    if not known.any():
        return
    places, heights = places[known], heights[known]
    axes.plot(places, heights, color=look.colour, linewidth=1.6, label=look.label)
    axes.plot(places[-1:], heights[-1:], "o", color=look.colour, markersize=4)
    axes.annotate(
        f"{heights[-1]:.4g}",
        (look.right, 1),
        xycoords="axes fraction",
        xytext=(0, 6),
        textcoords="offset points",
        ha="right",
        fontsize=10,
        color=look.colour,
    )
