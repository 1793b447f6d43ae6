"""The notes of a song as layers of a picture: a colour for each part, and the legend that says which.

The legend names parts and what plays them: "Lead (flute)", or the instrument alone where the name says no
more. Drums have one colour together.
"""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from musicvae.evaluate.drawing.roll_axes import DRUM_COLOUR, PART_COLOURS
from musicvae.evaluate.drawing.roll_page import LegendEntry, NoteLayer, one_line
from musicvae.midi.songs.instruments import DRUMS, instrument_name, number_alike
from musicvae.midi.songs.song import Part, Song

_LONGEST_NAME = 18  # letters of a part's name
# Colours of parts after the first eight: what is left of a colour, and how much of that is white.
_SHADES = ((1.0, 0.0), (0.55, 0.0), (0.55, 1.0))


def layers_of(song: Song, chosen: np.ndarray | None = None, colour: str = "") -> tuple[NoteLayer, ...]:
    """Return a layer for each part, the first part on top.

    Parameters
    ----------
    song : Song
    chosen : np.ndarray of bool, shape (notes,), optional
        Which notes to draw; all of them without it.
    colour : str
        Of all notes, instead of those of the parts.
    """
    notes = song.notes if chosen is None else song.notes[chosen]
    return tuple(
        NoteLayer(notes[notes["part"] == index], colour or _colour(song, index), song.parts[index].is_drums)
        for index in reversed(range(len(song.parts)))
    )


def legend_of(song: Song) -> list[LegendEntry]:
    """Return the colours of the parts that play, unless there is one part only."""
    playing = np.unique(song.notes["part"]).tolist() if len(song.parts) > 1 else []
    pitched = [part for part in playing if not song.parts[part].is_drums]
    drums = [part for part in playing if song.parts[part].is_drums]
    names = number_alike([describe_part(song.parts[part]) for part in pitched], ", ")
    legend = [LegendEntry(name, _colour(song, part)) for name, part in zip(names, pitched, strict=True)]
    told = describe_part(song.parts[drums[0]]) if len(drums) == 1 else DRUMS
    return [*legend, LegendEntry(told, DRUM_COLOUR)] if drums else legend


def describe_part(part: Part) -> str:
    """Return what a part is called and what plays it, in few letters."""
    name, instrument = one_line(part.name, _LONGEST_NAME), instrument_name(part)
    if not name or name.casefold() in instrument:
        return instrument
    return name if instrument in name.casefold() else f"{name} ({instrument})"


def _colour(song: Song, part: int) -> str:
    if song.parts[part].is_drums:
        return DRUM_COLOUR
    return part_colour(sum(not before.is_drums for before in song.parts[:part]))


def part_colour(index: int) -> str:
    """Return the colour of a pitched part, counted from 0; 24 differ, eight darker and eight lighter."""
    colour = PART_COLOURS[index % len(PART_COLOURS)]
    left, white = _SHADES[index // len(PART_COLOURS) % len(_SHADES)]
    if left == 1:
        return colour
    red, green, blue = (left * level + (1 - left) * white for level in to_rgb(colour))
    return to_hex((red, green, blue))
