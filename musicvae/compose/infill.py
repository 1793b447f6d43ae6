"""Fill a gap: many fillings are written, and weighed by how likely they make the measures that follow.

The decoder hears what lies left of the gap; what lies right of it, it can weigh, since its likelihoods are
exact. Each candidate is a particle (`particles`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from musicvae.compose.particles import Particles
from musicvae.compose.splice import splice
from musicvae.measures.coding import pace
from musicvae.measures.model import MeasureVAE
from musicvae.measures.note_writing import Draw
from musicvae.measures.song_batch import Frame
from musicvae.measures.writing import Page, Writing, song_to_pages
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
    """

    candidates: int = 32
    weigh: bool = True
    temperature: float = 0.9


def infill(
    model: MeasureVAE, song: Song, gap: Gap, options: InfillOptions, generator: torch.Generator
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

    Raises
    ------
    ValueError
        If the gap is empty or reaches beyond the song.
    """
    if not 0 <= gap.first < gap.after <= song.measures:
        raise ValueError(f"the gap must lie within the song's {song.measures} measures, got {tuple(gap)}")
    count = options.candidates if options.weigh else 1
    with torch.inference_mode(), pace(model, count):
        writing = _fill(model, song, gap, options, generator)
    measures = np.arange(song.measures)
    return splice(song, writing.songs()[0], (measures >= gap.first) & (measures < gap.after))


def _fill(
    model: MeasureVAE, song: Song, gap: Gap, options: InfillOptions, generator: torch.Generator
) -> Writing:
    """Return the best filling, with all of the song up to its end."""
    pages = song_to_pages(song)
    draw = Draw(options.temperature, generator)
    alone = Writing(model, [Frame(song.meters, key_index(find_key(song)))])
    alone.hear([pages[: gap.first]])
    particles = Particles(alone.select([0] * (options.candidates if options.weigh else 1)), draw)
    for measure in range(gap.first, gap.after):
        particles.draw_measure(_lendable(song, pages, gap, measure) if options.weigh else [])
        particles.resample()
    if options.weigh:
        particles.weigh_by(pages[gap.after : gap.after + FOLLOWING])
    best = particles.writing.select([particles.best()])
    for page in pages[best.at :]:
        best.hear([[best.fit(0, page)]])
    return best


def _lendable(song: Song, pages: Sequence[Page], gap: Gap, measure: int) -> list[Page]:
    """Return the given measures that could stand at a place of the gap: those of its meter."""
    given = [n for n in range(song.measures) if not gap.first <= n < gap.after]
    return [pages[n] for n in given if song.meters[n] == song.meters[measure]]
