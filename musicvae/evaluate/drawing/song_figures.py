"""Pictures of music: a song as a piano roll, and originals above their reconstructions.

Conventions
-----------
`x_figure` returns a figure of matplotlib, `draw_x` writes it as a picture: a .png, .svg or .pdf. A song that
is too long for a page has several: `song_pages`.
Figures are made without pyplot, so that nothing global changes and no display is needed.
Importing this module imports matplotlib: do so only when there is something to draw.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from musicvae.evaluate.drawing.figure_file import write_pages, write_picture
from musicvae.evaluate.drawing.part_layers import describe_part, layers_of, legend_of
from musicvae.evaluate.drawing.roll_axes import WRONG_COLOUR, Stretch
from musicvae.evaluate.drawing.roll_page import Row, lay_page, panels_of, split_rows
from musicvae.midi.likeness.agreement import compare, encode_notes
from musicvae.midi.songs.song import Song

MEASURES_IN_A_ROW = 16
BEATS_IN_A_ROW = 64  # quarter notes; fewer of longer measures stand in a row
SHORTEST_ROW = 4  # measures of a section that rows are made to fit
FEW_ROWS = 4  # so many take in a rest of fewer measures, such as that after a pick-up
MOST_PAGES = 40
MOST_PAIRS = 12


def draw_song(song: Song, path: Path | str, title: str = "", overwrite: bool = False) -> tuple[Path, ...]:
    """Write a piano roll of a song as pictures, see `song_pages`, and return their files (`write_pages`).

    Parameters
    ----------
    song : Song
    path : Path or str
        Ending in .png, .svg or .pdf.
    title : str
        Above the picture, instead of the song's own title.
    overwrite : bool
        Whether to replace files that musicvae did not draw.

    Raises
    ------
    OutputError
        If a file cannot be written, or is somebody else's.
    """
    return write_pages(song_pages(song, title), Path(path), overwrite)


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


def song_pages(song: Song, title: str = "") -> list[Figure]:
    """Return a piano roll of a song, as pages: a colour for each part, rows of measures, drums below.

    A song of more than `MOST_PAGES` pages is drawn as far as these go, and the heading says so.

    Raises
    ------
    ValueError
        If the song has no measures.
    """
    if not song.measures:
        raise ValueError("a song without measures cannot be drawn")
    count, title, legend = _measures_in_a_row(song), title or song.title or "Untitled", legend_of(song)
    pages = list(islice(split_rows(_rows(song, count), title, legend), MOST_PAGES))
    about = _summary(song, min(song.measures, count * sum(map(len, pages))))
    if len(pages) == 1:
        return [lay_page(pages[0], title, about, legend)]
    numbered = [f"{about} · page {number} of {len(pages)}" for number in range(1, len(pages) + 1)]
    wide = max(row.stretch.end - row.stretch.begin for page in pages for row in page)
    return [lay_page(page, title, text, legend, wide) for page, text in zip(pages, numbered, strict=True)]


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
    beats = song.steps / song.grid.steps_per_beat / song.measures
    most = max(1, min(MEASURES_IN_A_ROW, int(BEATS_IN_A_ROW / beats), song.measures))
    rows, left = divmod(song.measures, most)
    sections = math.gcd(*np.searchsorted(starts, [marker.step for marker in song.markers]).tolist())
    if sections < SHORTEST_ROW:
        return math.ceil(song.measures / rows) if left < SHORTEST_ROW and rows <= FEW_ROWS else most
    if sections <= most:
        return sections * (most // sections)
    return math.ceil(sections / math.ceil(sections / most))


def _rows(song: Song, count: int) -> Iterator[Row]:
    """Yield the rows of a song, of so many measures each: pages may end before it does."""
    panels, layers, starts = panels_of([song]), layers_of(song), song.measure_starts.tolist()
    captions = _captions(song, starts)
    for first in range(0, song.measures, count):
        begin, end = starts[first], starts[min(first + count, song.measures)]
        own = {step: text for step, text in captions.items() if begin <= step < end}
        yield Row(Stretch(song, begin, end), panels, layers, own)


def _captions(song: Song, starts: Sequence[int]) -> dict[int, str]:
    """Return the markers of a song, and the meters where they change, by their steps."""
    captions: dict[int, str] = {}
    before = None
    for step, meter in zip(starts, song.meters, strict=False):
        if before not in (None, meter):
            captions[step] = str(meter)
        before = meter
    for step, text in song.markers:
        captions[step] = f"{text} · {captions[step]}" if step in captions else text
    return captions


def _summary(song: Song, shown: int) -> str:
    """Return the line under the title: how much music, in which meters, how fast; a single part's player."""
    measures = "1 measure" if song.measures == 1 else f"{song.measures} measures"
    if shown < song.measures:
        measures = f"the first {shown} of {measures}"
    meters = list(dict.fromkeys(str(meter) for meter in song.meters))
    named = ", ".join(meters[:4]) + (", …" if len(meters) > 4 else "")
    alone = f" · {describe_part(song.parts[0])}" if len(song.parts) == 1 else ""
    return f"{measures} · {named} · ♩ = {song.bpm:.0f}{alone}"
