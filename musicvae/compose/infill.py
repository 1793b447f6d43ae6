"""Fill a gap: many fillings are written, and weighed by how likely they make the measures that follow.

The decoder hears what lies left of the gap; what lies right of it, it can weigh, since its likelihoods are
exact. Each candidate is a particle (`particles`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch

from musicvae.compose.particles import Particles
from musicvae.compose.script import require_hearing
from musicvae.compose.splice import splice
from musicvae.errors import SongError
from musicvae.measures.coding import pace
from musicvae.measures.model import MeasureVAE
from musicvae.measures.note_writing import Draw
from musicvae.measures.pages import Page, page_key, song_to_pages
from musicvae.measures.song_batch import Frame
from musicvae.measures.writing import Writing
from musicvae.midi.key import find_key, key_index
from musicvae.midi.song import Song

FOLLOWING = 16  # measures after the gap by which candidates are weighed


class Gap(NamedTuple):
    """The measures to be filled, counted from 0: from `first` up to `after`, which is not among them."""

    first: int
    after: int


@dataclass(frozen=True)
class InfillOptions:
    """How a gap is filled.

    Parameters
    ----------
    candidates : int
        How many fillings are written for one that is kept.
    weigh : bool
        Whether they are weighed; without, the first one drawn is kept.
    temperature : float
        1 draws as the model has learned, less plays safer, 0 always takes the likeliest.
    """

    candidates: int = 32
    weigh: bool = True
    temperature: float = 0.9

    def __post_init__(self) -> None:
        if self.candidates < 1:
            raise ValueError(f"at least one candidate must be written, got {self.candidates}")
        if self.temperature < 0:
            raise ValueError("the temperature cannot be negative")


def infill(
    model: MeasureVAE,
    song: Song,
    gap: Gap,
    options: InfillOptions,
    generator: torch.Generator,
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> Song:
    """Return the song with the measures of the gap written anew, all others as they were.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    song : Song
        In the model's grid and parts.
    gap : Gap
    options : InfillOptions
    generator : torch.Generator
    on_progress : callable
        Told the measures heard or written so far, and how many that will be.

    Raises
    ------
    SongError
        If the gap is empty or reaches beyond the song.
    ModelError
        If the decoder does not hear the song.
    """
    if not 0 <= gap.first < gap.after <= song.measures:
        raise SongError(
            f"no measures {gap.first + 1} to {gap.after} in a song of {song.measures}: choose others"
        )
    require_hearing(model)
    count, heard = options.candidates if options.weigh else 1, min(song.measures, gap.after + FOLLOWING)
    is_new = (np.arange(song.measures) >= gap.first) & (np.arange(song.measures) < gap.after)
    frame = Frame(song.meters, _find_key(song, is_new))
    writing = Writing(model, [frame], lambda measures: on_progress(measures, heard))
    with torch.inference_mode(), pace(model, count):
        best = _fill(writing, song_to_pages(song), gap, options, generator)
    return splice(song, best.songs()[0], is_new)


def _find_key(song: Song, is_new: np.ndarray) -> int:
    """Return the key of what is given."""
    measure = np.searchsorted(song.measure_starts, song.notes["start"], side="right") - 1
    return key_index(find_key(replace(song, notes=song.notes[~is_new[measure]])))


def _fill(
    alone: Writing, pages: Sequence[Page], gap: Gap, options: InfillOptions, generator: torch.Generator
) -> Writing:
    """Return the best filling, given where the song is to be written and all its measures."""
    alone.hear([pages[: gap.first]])
    count = options.candidates if options.weigh else 1
    again = _find_again(pages, gap)
    particles = Particles(alone.select([0] * count), Draw(options.temperature, generator), again)
    for measure in range(*gap):
        particles.resample()
        particles.draw_measure(_lendable(alone.frames[0], pages, gap, measure) if options.weigh else {})
    if options.weigh:
        particles.weigh_by(pages[gap.after : gap.after + FOLLOWING])
    return particles.writing.select([particles.best()])


def _given(pages: Sequence[Page], gap: Gap) -> list[int]:
    return [*range(gap.first), *range(gap.after, len(pages))]


def _find_again(pages: Sequence[Page], gap: Gap) -> list[int]:
    """Return the given measures that are the one before the gap again."""
    if not gap.first:
        return []
    last = page_key(pages[gap.first - 1])
    return [n for n in _given(pages, gap) if n != gap.first - 1 and page_key(pages[n]) == last]


def _lendable(frame: Frame, pages: Sequence[Page], gap: Gap, measure: int) -> dict[int, Page]:
    """Return the given measures that could stand at a place of the gap, those of its meter, by number."""
    return {n: pages[n] for n in _given(pages, gap) if frame.meters[n] == frame.meters[measure]}
