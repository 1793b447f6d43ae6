"""A page of piano rolls: rows of measures from the top down, with heading, captions and legend.

Conventions
-----------
Layout is counted in inches from the top left corner; a page is 12 inches wide. All rows of a page
have one scale of time, so that the longest fills the width. What is too much for a page goes on further ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from musicvae.evaluate.drawing.roll_axes import (
    GREY_INK,
    INK,
    Stretch,
    draw_keys,
    draw_lanes,
    draw_measures,
    draw_notes,
    drums_in_lanes,
)
from musicvae.midi.songs.instruments import drum_name
from musicvae.midi.songs.song import Song

WIDTH, TALLEST = 12.0, 17.0  # inches, as A4 paper is
DPI = 150

_LEFT, _RIGHT = 0.78, 0.22
_ROLL_WIDTH = WIDTH - _LEFT - _RIGHT
_HEAD, _GAP, _FOOT = 0.8, 0.34, 0.32
_CAPTION = 0.24
_PITCH_HEIGHT, _LOWEST_ROLL, _HIGHEST_ROLL = 0.075, 1.2, 2.55  # five rows fit on a page
_LANE_HEIGHT, _PANEL_GAP = 0.15, 0.07
_LETTER, _TITLE_LETTER = 0.08, 0.16  # mean widths of a caption's letters and of the title's
_LINE, _LEGEND_COLUMNS = 0.22, 6
_LONGEST_TEXT = 90


class NoteLayer(NamedTuple):
    """Notes of one colour, `hollow` or filled; those of drums lie in lanes of their own."""

    notes: np.ndarray
    colour: str
    drums: bool = False
    hollow: bool = False


@dataclass(frozen=True)
class Panels:
    """What a row shows: the pitches from `lowest` to `highest` (none if that is less), and drum keys."""

    lowest: int
    highest: int
    keys: tuple[int, ...] = ()

    @property
    def roll_height(self) -> float:
        """Inches of the piano roll."""
        pitches = self.highest - self.lowest + 1
        return min(max(_LOWEST_ROLL, pitches * _PITCH_HEIGHT), _HIGHEST_ROLL) if pitches > 0 else 0.0

    @property
    def lanes_height(self) -> float:
        """Inches of the drums' lanes."""
        return len(self.keys) * _LANE_HEIGHT

    @property
    def height(self) -> float:
        """Inches of both, one above the other."""
        both = self.roll_height > 0 and self.lanes_height > 0
        return self.roll_height + self.lanes_height + (_PANEL_GAP if both else 0)


class LegendEntry(NamedTuple):
    """What a colour stands for."""

    name: str
    colour: str


class Row(NamedTuple):
    """One row of a page; captions stand above it, by the step at which they begin."""

    stretch: Stretch
    panels: Panels
    layers: tuple[NoteLayer, ...]
    captions: dict[int, str]


def panels_of(songs: Sequence[Song]) -> Panels:
    """Return panels that hold every note of the songs, with a little room around the pitches."""
    pitched, keys = [], set()
    for song in songs:
        drums = np.isin(song.notes["part"], [index for index, part in enumerate(song.parts) if part.is_drums])
        pitched.append(song.notes["pitch"][~drums])
        keys |= set(song.notes["pitch"][drums].tolist())
    pitches = np.concatenate(pitched)
    if not len(pitches):
        return Panels(60, 59 if keys else 72, tuple(sorted(keys)))
    return Panels(max(0, int(pitches.min()) - 2), min(127, int(pitches.max()) + 2), tuple(sorted(keys)))


def lay_page(
    rows: Sequence[Row], title: str, subtitle: str, legend: Sequence[LegendEntry] = (), wide: int = 0
) -> Figure:
    """Return a figure with the rows one below the other.

    Parameters
    ----------
    rows : sequence of Row
    title, subtitle : str
    legend : sequence of LegendEntry
    wide : int
        Steps that fill the width; those of the longest row if not given.
    """
    head = _head(title, legend)
    height = head + sum(_above(row) + row.panels.height for row in rows) + _FOOT
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    _write(figure, title, 0.36, size=16, weight="bold", colour=INK)
    _write(figure, subtitle, 0.60, size=10, colour=GREY_INK)
    if legend:
        _draw_legend(figure, title, legend)
    longest = wide or max(row.stretch.end - row.stretch.begin for row in rows)
    top = head
    for row in rows:
        top += _above(row)
        _draw_row(figure, row, top, _ROLL_WIDTH * (row.stretch.end - row.stretch.begin) / longest)
        top += row.panels.height
    return figure


def split_rows(rows: Iterable[Row], title: str, legend: Sequence[LegendEntry] = ()) -> Iterator[list[Row]]:
    """Yield the rows of each page, as many as it is high enough for, and one at least."""
    room = TALLEST - _head(title, legend) - _FOOT
    page, left = list[Row](), room
    for row in rows:
        height = _above(row) + row.panels.height
        if page and height > left:
            yield page
            page, left = [], room
        page.append(row)
        left -= height
    yield page


def one_line(text: str, letters: int = _LONGEST_TEXT) -> str:
    """Return the text on one line, without control characters and of so many letters at most."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= letters else text[: letters - 1] + "…"


def _head(title: str, legend: Sequence[LegendEntry]) -> float:
    """Return the inches of the heading, up to the gap above the first row."""
    return _HEAD + _LINE * _legend_lines(title, legend) - _GAP


def _legend_lines(title: str, legend: Sequence[LegendEntry]) -> int:
    """Return how many lines of its own a legend takes; none if there is room for it beside the title."""
    width = sum(len(entry.name) + 5 for entry in legend) * _LETTER
    room = _ROLL_WIDTH - len(one_line(title)) * _TITLE_LETTER
    return math.ceil(len(legend) / _legend_columns(legend)) if width > room else 0


def _legend_columns(legend: Sequence[LegendEntry]) -> int:
    longest = max(len(entry.name) for entry in legend)
    return min(_LEGEND_COLUMNS, max(1, int(_ROLL_WIDTH / ((longest + 5) * _LETTER))))


def _draw_legend(figure: Figure, title: str, legend: Sequence[LegendEntry]) -> None:
    wide, tall = figure.get_size_inches()
    beside = _legend_lines(title, legend) == 0
    place = (1 - _RIGHT / wide, 1 - 0.2 / tall) if beside else (_LEFT / wide, 1 - 0.72 / tall)
    drawn = figure.legend(
        handles=[Patch(facecolor=entry.colour, label="part") for entry in legend],
        loc="upper right" if beside else "upper left",
        bbox_to_anchor=place,
        ncols=len(legend) if beside else _legend_columns(legend),
        frameon=False,
        borderpad=0,
        borderaxespad=0,
        handlelength=1.0,
        handleheight=0.9,
        columnspacing=1.4,
        fontsize=10,
        labelcolor=INK,
    )
    for text, entry in zip(drawn.get_texts(), legend, strict=True):
        text.set(text=entry.name, parse_math=False)  # as a label, "_name" would be left out


def _above(row: Row) -> float:
    """Return the inches between a row's panels and those of the row above."""
    return _GAP + (_CAPTION if row.captions else 0)


def _draw_row(figure: Figure, row: Row, top: float, width: float) -> None:
    panels, axes = row.panels, []
    if panels.roll_height:
        roll = _place(figure, top, width, panels.roll_height)
        draw_keys(roll, panels.lowest, panels.highest)
        draw_measures(roll, row.stretch, numbers=not panels.keys)
        axes.append(roll)
    if panels.keys:
        lanes = _place(figure, top + panels.height - panels.lanes_height, width, panels.lanes_height)
        draw_lanes(lanes, [drum_name(key) for key in panels.keys])
        draw_measures(lanes, row.stretch)
        axes.append(lanes)
    for layer in row.layers:
        notes = drums_in_lanes(row.stretch.song, layer.notes, panels.keys) if layer.drums else layer.notes
        draw_notes(axes[-1] if layer.drums else axes[0], row.stretch, notes, layer.colour, layer.hollow)
    _caption(axes[0], row, width)


def _caption(axes: Axes, row: Row, width: float) -> None:
    """Write the captions above a row, each cut off where the next one begins."""
    inches_per_step = width / (row.stretch.end - row.stretch.begin)
    steps = [*sorted(row.captions), row.stretch.end]
    for step, following in zip(steps, steps[1:], strict=False):
        letters = max(1, int((following - step) * inches_per_step / _LETTER))
        axes.annotate(
            one_line(row.captions[step], letters),
            (step, 1),
            xycoords=axes.get_xaxis_transform(),
            xytext=(0, 5),
            textcoords="offset points",
            fontsize=10,
            color=INK,
            parse_math=False,
        )


def _place(figure: Figure, top: float, width: float, height: float) -> Axes:
    """Add axes at the left margin, so many inches from the top."""
    wide, tall = figure.get_size_inches()
    return figure.add_axes((_LEFT / wide, 1 - (top + height) / tall, width / wide, height / tall))


def _write(figure: Figure, text: str, below: float, size: float, colour: str, weight: str = "normal") -> None:
    """Write a line of the heading, its foot so many inches below the top."""
    wide, tall = figure.get_size_inches()
    place = (_LEFT / wide, 1 - below / tall)
    figure.text(*place, one_line(text), fontsize=size, fontweight=weight, color=colour, parse_math=False)
