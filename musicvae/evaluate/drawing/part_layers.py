"""The notes of a song as layers of a picture: a colour for each part, and the legend that says which."""

from __future__ import annotations

import numpy as np

from musicvae.evaluate.drawing.roll_axes import DRUM_COLOUR, PART_COLOURS
from musicvae.evaluate.drawing.roll_page import LegendEntry, NoteLayer
from musicvae.midi.songs.song import Song


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
    return [LegendEntry(song.parts[part].name or f"part {part + 1}", _colour(song, part)) for part in playing]


def _colour(song: Song, part: int) -> str:
    if song.parts[part].is_drums:
        return DRUM_COLOUR
    pitched = sum(not before.is_drums for before in song.parts[:part])
    return PART_COLOURS[pitched % len(PART_COLOURS)]
