"""A stretch of a song on the axes of matplotlib: a piano roll with rounded notes.

Conventions
-----------
x counts steps of the song, y MIDI pitches (or the lanes of the drum keys, from 0 at the bottom).
A note's dark left edge is its onset; one that came over from before the stretch has none.
Colours, weights and sizes of letters stand in this module alone. Nothing here touches a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

from musicvae.midi.songs.key import pitch_name
from musicvae.midi.songs.song import Song

PART_COLOURS = ("#3D6FD6", "#E8743B", "#17A374", "#945ECF", "#DFA10E", "#D6457A", "#12A0B8", "#7A6A55")
DRUM_COLOUR = "#56627A"
WRONG_COLOUR = "#D62839"
GIVEN_COLOUR = "#A9B2C1"
INK = "#222936"
GREY_INK = "#6B7486"
MEASURE_COLOUR = "#B4BCCA"
BEAT_COLOUR = "#E9ECF2"

_BLACK_KEY_COLOUR = "#F3F5F9"
_OCTAVE_COLOUR = "#D5DAE4"
_MARKER_COLOUR = "#39435A"
_BLACK_KEYS = (1, 3, 6, 8, 10)

_NOTE_HEIGHT = 0.86  # of a pitch's row
_CORNER = 0.32  # radius, of a note's height
_ONSET = 0.032  # inches of dark edge
_GAP = 0.012  # inches between a note and the next one of its pitch
_LONGEST_DRUM_BEATS = 0.25  # a drum's length means nothing


class Stretch(NamedTuple):
    """The part of a song that one row of a picture shows, in steps."""

    song: Song
    begin: int
    end: int


def draw_keys(axes: Axes, lowest: int, highest: int) -> None:
    """Draw the rows of a keyboard from the lowest to the highest pitch, and name some of them."""
    axes.set_ylim(lowest - 0.5, highest + 0.5)
    rows = np.arange(lowest, highest + 1)
    for pitch in rows[np.isin(rows % 12, _BLACK_KEYS)]:
        axes.axhspan(pitch - 0.5, pitch + 0.5, color=_BLACK_KEY_COLOUR, linewidth=0, zorder=0)
    for pitch in rows[rows % 12 == 0]:
        axes.axhline(pitch - 0.5, color=_OCTAVE_COLOUR, linewidth=0.8, zorder=0.5)
    named = (0,) if len(rows) > 40 else (0, 7) if len(rows) > 20 else (0, 4, 7)
    _label_rows(axes, {int(pitch): pitch_name(int(pitch)) for pitch in rows[np.isin(rows % 12, named)]})


def draw_lanes(axes: Axes, names: Sequence[str]) -> None:
    """Draw one lane for each name, upwards."""
    axes.set_ylim(-0.5, len(names) - 0.5)
    for lane in range(1, len(names), 2):
        axes.axhspan(lane - 0.5, lane + 0.5, color=_BLACK_KEY_COLOUR, linewidth=0, zorder=0)
    _label_rows(axes, dict(enumerate(names)), size=8)


def draw_measures(axes: Axes, stretch: Stretch, numbers: bool = True) -> None:
    """Draw the lines of measures, beats and markers, and number the measures below the axes."""
    song, begin, end = stretch
    axes.set_xlim(begin, end)
    starts = song.measure_starts
    shown = np.flatnonzero((starts[:-1] >= begin) & (starts[:-1] < end)).tolist()
    pulses = [np.arange(starts[index], starts[index + 1], _pulse(song, index)) for index in shown]
    marked = [marker.step for marker in song.markers if begin <= marker.step < end]
    for steps, colour, width in (
        (np.concatenate(pulses), BEAT_COLOUR, 0.7),
        ([*starts[shown], end], MEASURE_COLOUR, 0.9),
        (marked, _MARKER_COLOUR, 1.8),
    ):
        axes.vlines(steps, 0, 1, colour, linewidths=width, transform=axes.get_xaxis_transform(), zorder=1)
    axes.set_xticks(starts[shown] if numbers else [], [str(index + 1) for index in shown] if numbers else [])
    axes.tick_params(axis="x", length=0, pad=3, labelsize=9, labelcolor=GREY_INK)
    for label in axes.get_xticklabels():
        label.set_horizontalalignment("left")
    for spine in axes.spines.values():
        spine.set(color=MEASURE_COLOUR, linewidth=0.9)


def draw_notes(axes: Axes, stretch: Stretch, notes: np.ndarray, colour: str, hollow: bool = False) -> None:
    """Draw those of the notes that sound within the stretch, at their pitches.

    Parameters
    ----------
    axes : Axes
        With its limits set.
    stretch : Stretch
    notes : np.ndarray of NOTE, shape (notes,)
    colour : str
    hollow : bool
        Whether to draw outlines only.
    """
    _, begin, end = stretch
    ends = notes["start"] + notes["length"]
    shown = (notes["start"] < end) & (ends > begin)
    notes, ends = notes[shown], ends[shown]
    inch, corner = _inch_and_corner(axes)
    left = np.maximum(notes["start"], begin).astype(float)
    right = np.minimum(ends, end).astype(float)
    right = np.maximum(right - _GAP * inch, (left + right) / 2)
    begins = notes["start"] >= begin
    whole = _rounded(left, right, notes["pitch"], corner, begins)
    if hollow:
        axes.add_collection(
            PolyCollection(whole, facecolors="none", edgecolors=colour, linewidths=1, zorder=3)
        )
        return
    onset = np.where(begins, np.minimum(_ONSET * inch, 0.35 * (right - left)), 0)
    body = _rounded(left + onset, right, notes["pitch"], corner, np.zeros_like(begins))
    axes.add_collection(PolyCollection(whole, facecolors=_darker(colour), linewidths=0, zorder=2))
    axes.add_collection(PolyCollection(body, facecolors=colour, linewidths=0, zorder=2))


def drums_in_lanes(song: Song, notes: np.ndarray, keys: Sequence[int]) -> np.ndarray:
    """Return drum notes with lanes for pitches, counted along `keys`, as long as a 32nd to a sixteenth."""
    notes = notes.copy()
    notes["pitch"] = np.searchsorted(keys, notes["pitch"])
    longest = max(1, round(_LONGEST_DRUM_BEATS * song.grid.steps_per_beat))
    notes["length"] = np.clip(notes["length"], max(1, longest // 2), longest)
    return notes


def _pulse(song: Song, measure: int) -> float:
    """Return the steps between the beats that a musician counts: dotted quarters in 6/8, eighths in 7/8."""
    meter = song.meters[measure]
    written = 4 * song.grid.steps_per_beat / meter.denominator
    compound = meter.denominator >= 8 and meter.numerator % 3 == 0 and meter.numerator > 3
    return 3 * written if compound else written


def _label_rows(axes: Axes, names: dict[int, str], size: float = 9) -> None:
    axes.set_yticks(list(names), list(names.values()))
    axes.tick_params(axis="y", length=0, pad=4, labelsize=size, labelcolor=GREY_INK)


def _inch_and_corner(axes: Axes) -> tuple[float, tuple[float, float]]:
    """Return the steps in an inch, and the radii of a note's corners in steps and pitches."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    width, height = figure.get_size_inches() * axes.get_position().size
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    inch, tall = (right - left) / width, _CORNER * _NOTE_HEIGHT
    return inch, (tall * inch * height / (high - low), tall)


def _rounded(
    left: np.ndarray, right: np.ndarray, rows: np.ndarray, corner: tuple[float, float], round_left: np.ndarray
) -> list[np.ndarray]:
    """Return rectangles with round corners as polygons, each of shape (vertices, 2)."""
    low, high = rows - _NOTE_HEIGHT / 2, rows + _NOTE_HEIGHT / 2
    wide = np.minimum(corner[0], (right - left) / 2)
    tall = wide * corner[1] / corner[0]
    wide_left, tall_left = np.where(round_left, wide, 0), np.where(round_left, tall, 0)
    turn = np.linspace(0, np.pi / 2, 6)
    cos, sin = np.cos(turn), np.sin(turn)
    corners = (  # from the right end of the bottom, against the clock: centre, radii, directions
        (right - wide, low + tall, wide, tall, sin, -cos),
        (right - wide, high - tall, wide, tall, cos, sin),
        (left + wide_left, high - tall_left, wide_left, tall_left, -sin, cos),
        (left + wide_left, low + tall_left, wide_left, tall_left, -cos, -sin),
    )
    x = [centre[:, None] + radius[:, None] * to for centre, _, radius, _, to, _ in corners]
    y = [centre[:, None] + radius[:, None] * to for _, centre, _, radius, _, to in corners]
    return list(np.stack([np.concatenate(x, axis=1), np.concatenate(y, axis=1)], axis=2))


def _darker(colour: str) -> tuple[float, float, float]:
    red, green, blue = (0.55 * part for part in to_rgb(colour))
    return red, green, blue
