"""A measure and those that follow it, as they are being put right.

Conventions
-----------
A passage is an array of NOTE, sorted: the notes that sound in the measure or after it, or until it begins.
Its barlines are steps of the song, one more than there are measures. A new note has velocity 0. A *line* is a
part that sounds one note at a time: what goes on when its next note begins is cut there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicvae.measures.pages import Page
from musicvae.midi.measure_notes import MEASURE_NOTE
from musicvae.midi.notes import sort_notes, tidy_notes

NEW = 0  # the velocity of a new note


def settle(notes: np.ndarray, lines: Sequence[int]) -> np.ndarray | None:
    """Return the notes of a passage in order, lines cut; None if two notes of a line begin together."""
    notes = sort_notes(notes)
    for line in lines:
        index = np.flatnonzero(notes["part"] == line)
        apart = np.diff(notes["start"][index])
        if (apart == 0).any():
            return None
        notes["length"][index[:-1]] = np.minimum(notes["length"][index[:-1]], apart)
    return tidy_notes(notes)


def cut_passages(passages: Sequence[np.ndarray], barlines: np.ndarray) -> list[list[Page]]:
    """Return the pages of each passage, as many as there are measures between the barlines."""
    owner = np.repeat(np.arange(len(passages)), [len(notes) for notes in passages])
    notes = np.concatenate(passages)
    start, end = notes["start"].astype(np.int64), notes["start"].astype(np.int64) + notes["length"]
    pages = []
    for first, after in zip(barlines[:-1], barlines[1:], strict=True):
        inside = np.flatnonzero((start < after) & (end > first))
        page = np.zeros(len(inside), MEASURE_NOTE)
        begin = np.maximum(start[inside], first)
        page["step"] = begin - first
        page["length"] = np.minimum(end[inside], after) - begin
        page["held"] = start[inside] < first
        for name in ("pitch", "part", "velocity"):
            page[name] = notes[name][inside]
        pages.append(np.split(page, np.searchsorted(owner[inside], np.arange(1, len(passages)))))
    return [list(own) for own in zip(*pages, strict=True)]


def name_notes(notes: np.ndarray) -> bytes:
    """Return what is the same for passages with the same notes."""
    return np.stack([notes[name].astype(np.int64) for name in ("start", "part", "pitch", "length")]).tobytes()
