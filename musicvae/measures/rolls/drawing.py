"""Batches as piano rolls: what the encoder reads, and what a sketch or the conv decoder must say."""

from __future__ import annotations

import torch
from torch import Tensor

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.data.ranges import concat_ranges
from musicvae.midi.songs.pianoroll import PLANES, draw_notes

BEGINS, LASTS = range(2)  # the planes of places: at this step a note begins, and this is the last step of one


def longest(layout: Layout) -> int:
    """Return the steps of a batch's longest measure, t: the model's longest may be far longer."""
    return int(layout.measure_steps.max())


def inside(layout: Layout, steps: int) -> Tensor:
    """Return which of so many steps lie in each measure, bool, shape (B * N, steps)."""
    return torch.arange(steps, device=layout.measure_steps.device) < layout.measure_steps.unsqueeze(1)


def draw_rolls(batch: MeasureBatch, alphabet: Alphabet, steps: int, size: int = 1) -> Tensor:
    """Return the piano rolls of a batch, as `midi.songs.pianoroll` draws them.

    Parameters
    ----------
    batch : MeasureBatch
    alphabet : Alphabet
    steps : int
        Of each roll.
    size : int
        Steps of the grid to a step of the rolls: of more than one all is drawn that begins or sounds at any.

    Returns
    -------
    Tensor, shape (B * N, steps, 2 * L)
        Planes onset and sustain, each over the lanes: the (part, pitch) pairs.
    """
    layout, notes = batch
    lanes = alphabet.lanes
    rolls = torch.zeros(len(layout.measure_steps) * steps, PLANES, lanes, device=notes.step.device)
    first, last = notes.step // size, (notes.step + notes.length - 1) // size
    cell = notes.measure * steps + first
    note, past = concat_ranges(last - first + 1)
    draw_notes(rolls, cell, notes.symbol % lanes, notes.symbol >= lanes, (note, cell[note] + past))
    return rolls.view(-1, steps, PLANES * lanes)


def draw_places(batch: MeasureBatch, alphabet: Alphabet, steps: int) -> Tensor:
    """Return at which steps each part begins a note, and has the last step of one.

    Returns
    -------
    Tensor, shape (B * N, steps, 2, parts)
        0 or 1.
    """
    layout, notes = batch
    places = torch.zeros(len(layout.measure_steps), steps, 2, alphabet.parts, device=notes.step.device)
    part, begins = alphabet.part(notes.symbol), notes.symbol >= alphabet.lanes
    places[notes.measure[begins], notes.step[begins], BEGINS, part[begins]] = 1
    places[notes.measure, notes.step + notes.length - 1, LASTS, part] = 1
    return places
