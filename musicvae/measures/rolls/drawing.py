"""Batches as piano rolls: what the encoder reads, and what a sketch or the conv decoder must say."""

from __future__ import annotations

import torch
from torch import Tensor

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.data.ranges import concat_ranges
from musicvae.midi.songs.pianoroll import PLANES, draw_notes


def longest(layout: Layout) -> int:
    """Return the steps of a batch's longest measure, t: the model's longest may be far longer."""
    return int(layout.measure_steps.max())


def inside(layout: Layout, steps: int) -> Tensor:
    """Return which of so many steps lie in each measure, bool, shape (B * N, steps)."""
    return torch.arange(steps, device=layout.measure_steps.device) < layout.measure_steps.unsqueeze(1)


def draw_rolls(batch: MeasureBatch, alphabet: Alphabet, steps: int) -> Tensor:
    """Return the piano rolls of a batch, as `midi.songs.pianoroll` draws them.

    Returns
    -------
    Tensor, shape (B * N, steps, 2 * L)
        Planes onset and sustain, each over the lanes: the (part, pitch) pairs.
    """
    layout, notes = batch
    lanes = alphabet.lanes
    rolls = torch.zeros(len(layout.measure_steps) * steps, PLANES, lanes, device=notes.step.device)
    cell = notes.measure * steps + notes.step
    note, past = concat_ranges(notes.length)
    draw_notes(rolls, cell, notes.symbol % lanes, notes.symbol >= lanes, (note, cell[note] + past))
    return rolls.view(-1, steps, PLANES * lanes)
