"""What the decoder expects: how likely every onset is at every step of measures that are known.

It is read off the states of one run over the measures, and so costs no more than hearing them. What is
found wrong with a measure is looked for where something else was expected.
"""

from __future__ import annotations

import torch
from torch import Tensor

from musicvae.measures.data.alphabet import PITCHES
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.network.note_network import NoteNetwork
from musicvae.measures.network.teacher_forcing import forbidden


def expect_onsets(
    network: NoteNetwork, batch: MeasureBatch, states: Tensor, of_note: Tensor, ringing: Tensor
) -> Tensor:
    """Return the log-likelihood of each onset, given the notes before it.

    Parameters
    ----------
    network : NoteNetwork
    batch : MeasureBatch
        Of R = S * B rows and K notes.
    states : Tensor, shape (R, H)
    of_note : Tensor, shape (K, H)
        The embeddings of the notes.
    ringing : Tensor of bool, shape (R, V)

    Returns
    -------
    Tensor, shape (S, B, parts, 128)
    """
    layout, notes = batch
    alphabet, rows = network.alphabet, len(layout.row_exists)
    expected = []
    for part in range(alphabet.parts):
        first = alphabet.voices + part * PITCHES
        below = notes.symbol < first
        context = states.index_add(0, notes.row[below], of_note[below].to(states))
        last = torch.full((rows,), -1, device=states.device)
        last.scatter_reduce_(0, notes.row[below], notes.symbol[below], "amax")
        no = forbidden(last, ringing, layout.row_step == 0, alphabet)
        log_prob = network.say_symbol(context).masked_fill(no, -torch.inf).log_softmax(-1)
        expected.append(log_prob[:, first : first + PITCHES])
    return torch.stack(expected, dim=1).view(layout.steps, layout.windows, alphabet.parts, PITCHES)
