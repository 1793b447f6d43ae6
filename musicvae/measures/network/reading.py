"""Known measures as the decoder reads them: all rows at once, each told what was said before it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.network.look_back import NEVER, Spots
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.note_network import KnownRows, NoteNetwork, Told
from musicvae.measures.network.rows import Rows
from musicvae.measures.network.teacher_forcing import Sounding, find_sounding


class Read(NamedTuple):
    """Known measures as the decoder reads them: R * B rows, K notes."""

    rows: Rows
    known: KnownRows
    of_note: Tensor  # (K, H)
    sounding: Sounding
    told: Told


def read_measures(
    network: NoteNetwork,
    batch: MeasureBatch,
    rows: Rows,
    noisy: NoisyCodes,
    memory: Memory,
    hidden: Tensor | None = None,
) -> Read:
    """Return what is known of each row of known measures.

    Parameters
    ----------
    network : NoteNetwork
    batch : MeasureBatch
    rows : Rows
        Of the batch.
    noisy : NoisyCodes
    memory : Memory
        From before the measures, of all windows or of one song that they all go on with.
    hidden : Tensor of bool, shape (R * B,), optional
        Rows that tell nothing to those after them.
    """
    layout, notes = batch
    told = network.tell(layout, noisy)
    of_note = network.note(notes.symbol, notes.length, layout.band[notes.measure])
    sounding = find_sounding(batch, rows, memory.ringing, network.alphabet)
    said = network.when.gap(rows.gap).index_add(0, rows.find(notes.measure, notes.step), of_note)
    heard = torch.cat([memory.heard.to(said).expand(rows.windows, -1), said[: -rows.windows]])
    heard = heard + network.ringing(sounding.ringing.to(heard), layout.band[rows.measure])
    if hidden is not None:
        said = torch.where(hidden.unsqueeze(1), network.unheard.to(said), said)
        hidden = torch.cat([torch.zeros_like(hidden[: rows.windows]), hidden[: -rows.windows]])
        heard = torch.where(hidden.unsqueeze(1), network.unheard.to(heard), heard)
    x = network.conditions(told, told.at(rows.measure, rows.step)) + heard
    shape = (*rows.shape, -1)
    # The mask is for the memory alone: in training nothing comes after.
    exists = None if network.training else rows.exists.view(shape)
    known = KnownRows(x.view(shape), said.view(shape), _find_spots(layout, rows, memory.measures), exists)
    return Read(rows, known, of_note, sounding, told)


def _find_spots(layout: Layout, rows: Rows, before: Tensor) -> Spots:
    """Return where rows lie in their songs, given the measures that came before the layout, shape (B,)."""
    window = torch.arange(rows.windows, device=before.device)
    measure = rows.measure.view(rows.shape) - window * layout.measures + before
    return Spots(torch.where(rows.exists.view(rows.shape), measure, NEVER), rows.step.view(rows.shape))
