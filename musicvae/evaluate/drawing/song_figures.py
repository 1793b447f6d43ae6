"""Pictures of music: a song as a piano roll, and originals above their reconstructions.

Conventions
-----------
`x_figure` returns a figure of matplotlib, `draw_x` writes it as a picture: a .png, .svg or .pdf.
Figures are made without pyplot, so that nothing global changes and no display is needed.
Importing this module imports matplotlib: do so only when there is something to draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from musicvae.evaluate.drawing.figure_file import write_picture
from musicvae.evaluate.drawing.part_layers import layers_of, legend_of
from musicvae.evaluate.drawing.roll_axes import WRONG_COLOUR, Stretch
from musicvae.evaluate.drawing.roll_page import Row, lay_page, panels_of
from musicvae.midi.likeness.agreement import compare, encode_notes
from musicvae.midi.songs.song import Song

MEASURES_IN_A_ROW = 16
MOST_ROWS = 24
MOST_PAIRS = 12


def draw_song(song: Song, path: Path, title: str = "", overwrite: bool = False) -> None:
    """Write a piano roll of a song as a picture: see `song_figure`.

    Parameters
    ----------
    song : Song
    path : Path
        Ending in .png, .svg or .pdf.
    title : str
        Above the picture, instead of the song's own title.
    overwrite : bool
        Whether to replace a file that musicvae did not draw.

    Raises
    ------
    OutputError
        If the file cannot be written, or is somebody else's.
    """
    write_picture(song_figure(song, title), path, overwrite)


def draw_comparison(
    originals: Sequence[Song], copies: Sequence[Song], path: Path, overwrite: bool = False
) -> None:
    """Write originals above their reconstructions as a picture: see `comparison_figure`.

    Raises
    ------
    ValueError
        As `comparison_figure` does.
    OutputError
        If the file cannot be written, or is somebody else's.
    """
    write_picture(comparison_figure(originals, copies), path, overwrite)


def song_figure(song: Song, title: str = "") -> Figure:
    """Return a piano roll of a song: a colour for each part, rows of measures, drums below.

    A song of more than `MOST_ROWS` rows is drawn as far as these go, and the heading says so.

    Raises
    ------
    ValueError
        If the song has no measures.
    """
    if not song.measures:
        raise ValueError("a song without measures cannot be drawn")
    count = _measures_in_a_row(song)
    shown = song.opening(count * MOST_ROWS)
    panels, layers = panels_of([shown]), layers_of(shown)
    stretches = [_stretch(shown, first, count) for first in range(0, shown.measures, count)]
    rows = [Row(stretch, panels, layers, _captions(stretch)) for stretch in stretches]
    return lay_page(rows, title or song.title or "Untitled", _summary(song, shown.measures), legend_of(shown))


def comparison_figure(originals: Sequence[Song], copies: Sequence[Song]) -> Figure:
    """Return the first measures of some originals, each above its reconstruction.

    Notes that the reconstruction alone has are red; those that it lacks are red outlines.

    Raises
    ------
    ValueError
        If there is no pair, if there are not as many copies as originals, or if a pair differs
        in grid, meters or number of parts.
    """
    pairs = list(zip(originals, copies, strict=True))[:MOST_PAIRS]
    if not pairs:
        raise ValueError("no songs to compare")
    rows = []
    for original, copy in pairs:
        rows += _pair(original.opening(MEASURES_IN_A_ROW), copy.opening(MEASURES_IN_A_ROW))
    subtitle = "Red: in the reconstruction alone. Red outline: in the original alone."
    return lay_page(rows, "Originals and their reconstructions", subtitle, legend_of(pairs[0][0]))


def _pair(original: Song, copy: Song) -> list[Row]:
    """Return the rows of an original and its reconstruction, faults in red."""
    f1, panels = compare(original, copy).note_f1, panels_of([original, copy])
    wrong = ~np.isin(encode_notes(copy), encode_notes(original))
    missing = ~np.isin(encode_notes(original), encode_notes(copy))
    faults = [
        *layers_of(copy, wrong, WRONG_COLOUR),
        *(layer._replace(hollow=True) for layer in layers_of(original, missing, WRONG_COLOUR)),
    ]
    whole, whole_copy = Stretch(original, 0, original.steps), Stretch(copy, 0, copy.steps)
    return [
        Row(whole, panels, layers_of(original), {0: original.title or "Original"}),
        Row(
            whole_copy, panels, (*layers_of(copy, ~wrong), *faults), {0: f"Reconstruction: note F1 {f1:.3f}"}
        ),
    ]


def _measures_in_a_row(song: Song) -> int:
    """Return how many measures make a row, such that rows begin where the marked sections do if they can."""
    starts = song.measure_starts
    sections = math.gcd(*np.searchsorted(starts, [marker.step for marker in song.markers]).tolist())
    if sections < 4:
        return min(MEASURES_IN_A_ROW, song.measures)
    if sections <= MEASURES_IN_A_ROW:
        return min(sections * (MEASURES_IN_A_ROW // sections), song.measures)
    return math.ceil(sections / math.ceil(sections / MEASURES_IN_A_ROW))


def _stretch(song: Song, first: int, count: int) -> Stretch:
    starts = song.measure_starts
    return Stretch(song, int(starts[first]), int(starts[min(first + count, song.measures)]))


def _captions(stretch: Stretch) -> dict[int, str]:
    """Return the markers of a row, and the meters where they change, by their steps."""
    song, captions = stretch.song, {}
    before = None
    for step, meter in zip(song.measure_starts.tolist(), song.meters, strict=False):
        if before not in (None, meter):
            captions[step] = str(meter)
        before = meter
    for step, text in song.markers:
        captions[step] = f"{text} · {captions[step]}" if step in captions else text
    return {step: text for step, text in captions.items() if stretch.begin <= step < stretch.end}


def _summary(song: Song, shown: int) -> str:
    """Return the line under the title: how much music, in which meters, how fast."""
    measures = "1 measure" if song.measures == 1 else f"{song.measures} measures"
    if shown < song.measures:
        measures = f"the first {shown} of {measures}"
    meters = list(dict.fromkeys(str(meter) for meter in song.meters))
    named = ", ".join(meters[:4]) + (", …" if len(meters) > 4 else "")
    return f"{measures} · {named} · ♩ = {song.bpm:.0f}"
