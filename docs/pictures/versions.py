"""Versions of a song, one below the other: what was given is grey, what is new has a colour.

    original, varied = Version(song, "Original"), vary(model, song, 0.3)
    draw_versions([original, Version(varied, "0.3", new_notes(varied, song))], Path("vary.png"), "A tune")

Importing this module imports matplotlib: do so only when there is something to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from musicvae.evaluate.drawing.figure_file import write_picture
from musicvae.evaluate.drawing.part_layers import layers_of, legend_of
from musicvae.evaluate.drawing.roll_axes import GIVEN_COLOUR, Stretch
from musicvae.evaluate.drawing.roll_page import Panels, Row, lay_page, panels_of
from musicvae.midi.likeness.agreement import encode_onsets
from musicvae.midi.songs.song import Song

MOST_MEASURES = 16


class Version(NamedTuple):
    """A song and what to write above it.

    Parameters
    ----------
    song : Song
    caption : str
    new : np.ndarray of bool, shape (notes,), optional
        Which of its notes are new (`new_notes`, `notes_of_measures`); without it none are.
    """

    song: Song
    caption: str
    new: np.ndarray | None = None


def new_notes(song: Song, original: Song) -> np.ndarray:
    """Return which notes of a song begin where the original begins none of that pitch and part.

    The others are those that `Agreement.same_onsets` counts.

    Parameters
    ----------
    song, original : Song
        Of one grid and the same parts.

    Returns
    -------
    np.ndarray of bool, shape (notes of the song,)

    Raises
    ------
    ValueError
        If grids or the number of parts differ.
    """
    if (song.grid, len(song.parts)) != (original.grid, len(original.parts)):
        raise ValueError("only songs of one grid and as many parts have notes in common")
    return ~np.isin(encode_onsets(song), encode_onsets(original))


def notes_of_measures(song: Song, first: int, last: int) -> np.ndarray:
    """Return which notes begin in measures `first` up to, not including, `last`, counted from 0.

    Returns
    -------
    np.ndarray of bool, shape (notes,)

    Raises
    ------
    ValueError
        If the song has no such measures.
    """
    if not 0 <= first <= last <= song.measures:
        raise ValueError(f"no measures {first} to {last} in a song of {song.measures}")
    starts = song.measure_starts
    return (song.notes["start"] >= starts[first]) & (song.notes["start"] < starts[last])


def draw_versions(versions: Sequence[Version], path: Path, title: str, overwrite: bool = False) -> None:
    """Write versions of a song as a picture: see `versions_figure`.

    Raises
    ------
    ValueError
        As `versions_figure` does.
    OutputError
        If the file cannot be written, or is somebody else's.
    """
    write_picture(versions_figure(versions, title), path, overwrite)


def versions_figure(versions: Sequence[Version], title: str) -> Figure:
    """Return the first `MOST_MEASURES` measures of each version, one below the other.

    All have one scale of time and one range of pitches. Given notes are grey; new ones have the
    colour of their part.

    Raises
    ------
    ValueError
        If there is no version, or a mask has not one value for each note.
    """
    if not versions:
        raise ValueError("no versions to draw")
    panels = panels_of([version.song.opening(MOST_MEASURES) for version in versions])
    rows = [_row(version, panels) for version in versions]
    return lay_page(rows, title, "Grey: given notes. In colour: new ones.", legend_of(versions[0].song))


def _row(version: Version, panels: Panels) -> Row:
    song, caption, new = version
    if new is None:
        new = np.zeros(len(song.notes), bool)
    if len(new) != len(song.notes):
        raise ValueError(f"a mask of {len(new)} values for a song of {len(song.notes)} notes")
    shown = song.opening(MOST_MEASURES)
    new = new[: len(shown.notes)]  # notes are sorted by start: an opening has the first of them
    layers = (*layers_of(shown, ~new, GIVEN_COLOUR), *layers_of(shown, new))
    return Row(Stretch(shown, 0, shown.steps), panels, layers, {0: caption})
