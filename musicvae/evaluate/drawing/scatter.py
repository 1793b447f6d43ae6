"""Clouds of codes: points in a plane, coloured by label.

Importing this module imports matplotlib: do so only when there is something to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from musicvae.evaluate.drawing.figure_file import write_picture
from musicvae.evaluate.drawing.roll_axes import GIVEN_COLOUR, GREY_INK, INK, MEASURE_COLOUR, PART_COLOURS
from musicvae.provenance import Provenance

MOST_COLOURS = 20  # labels; the rest, the rarest, are grey
_PANEL, _LEGEND, _DPI, _PADDING = 5.2, 1.5, 150, 0.12
_OTHERS = "others"
_LONGEST_NAME = 16  # letters


class Projection(NamedTuple):
    """Points (N, 2), which of the codes they are, shape (N,), and what the plane is, for people."""

    points: np.ndarray
    rows: np.ndarray
    title: str


class Labels:
    """Labels as they are drawn: names, and colours for the commonest.

    Parameters
    ----------
    labels : np.ndarray of int, shape (N,)
        Indexes into the names.
    names : sequence of str
    """

    def __init__(self, labels: np.ndarray, names: Sequence[str]) -> None:
        self.labels = labels
        counts = np.bincount(labels, minlength=len(names))
        commonest = np.argsort(-counts, kind="stable")[:MOST_COLOURS]
        shown = sorted(index for index in commonest.tolist() if counts[index])
        self.colours = dict(zip(shown, _colours(len(shown)), strict=True))
        self.names = {index: _shorten(names[index]) for index in shown}
        self.has_others = int(counts[shown].sum()) < len(labels)

    def colours_of(self, rows: np.ndarray) -> list[str]:
        """Return the colours of some codes."""
        return [self.colours.get(label, GIVEN_COLOUR) for label in self.labels[rows].tolist()]

    def handles(self) -> list[Line2D]:
        """Return the legend's dots, in the labels' order."""
        entries = [(self.names[index], colour) for index, colour in self.colours.items()]
        if self.has_others:
            entries.append((_OTHERS, GIVEN_COLOUR))
        return [Line2D([], [], ls="", marker="o", ms=6, color=colour, label=name) for name, colour in entries]


def _colours(count: int) -> list[str]:
    if count <= len(PART_COLOURS):
        return list(PART_COLOURS[:count])
    palette = matplotlib.colormaps["tab10" if count <= 10 else "tab20"]
    return [matplotlib.colors.to_hex(palette(index)) for index in range(count)]


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def draw_clouds(
    clouds: Sequence[Projection],
    labels: Labels | None,
    path: Path,
    overwrite: bool = False,
    provenance: Provenance | None = None,
) -> None:
    """Write clouds side by side as a picture; the labels are those of all codes.

    Raises
    ------
    OutputError
        If the file cannot be written, or is somebody else's.
    """
    write_picture(clouds_figure(clouds, labels), path, overwrite, provenance)


def clouds_figure(clouds: Sequence[Projection], labels: Labels | None) -> Figure:
    """Return a figure with a panel for each cloud."""
    size = (_PANEL * len(clouds) + (_LEGEND if labels else 0), _PANEL + 0.3)
    figure = Figure(
        figsize=size,
        dpi=_DPI,
        facecolor="white",
        layout=ConstrainedLayoutEngine(w_pad=_PADDING, h_pad=_PADDING),
    )
    for index, cloud in enumerate(clouds, start=1):
        _draw_cloud(figure.add_subplot(1, len(clouds), index), cloud, labels)
    if labels:
        figure.legend(
            handles=labels.handles(), loc="outside right upper", frameon=False, fontsize=10, labelcolor=INK
        )
    return figure


def _draw_cloud(axes: Axes, cloud: Projection, labels: Labels | None) -> None:
    points = cloud.points
    size = float(np.clip(12_000 / len(points), 5, 30))
    colours = labels.colours_of(cloud.rows) if labels else PART_COLOURS[0]
    axes.scatter(points[:, 0], points[:, 1], s=size, c=colours, alpha=0.75, linewidths=0)
    axes.set_title(cloud.title, loc="left", fontsize=11, fontweight="bold", color=INK)
    axes.text(1, 1.02, f"{len(points):,} codes", transform=axes.transAxes, ha="right", color=GREY_INK)
    axes.set_aspect("equal", "datalim")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_color(MEASURE_COLOUR)
