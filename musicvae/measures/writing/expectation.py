"""What the decoder expects: how likely every onset is at every step of measures that are known.

It is read off the states of one run over the measures, and so costs no more than hearing them. What is
found wrong with a measure is looked for where something else was expected.
"""

from __future__ import annotations

import torch
from torch import Tensor

from musicvae.measures.data.alphabet import PITCHES
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.network.decoder import Memory
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.network.teacher_forcing import forbidden_after, forbidden_at_first


@torch.inference_mode()
def expect_onsets(decoder: NoteDecoder, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory) -> Tensor:
    """Return how likely each onset is at each step of known measures, given all that is said before it.

    Returns
    -------
    Tensor, shape (S, B, parts, 128)
        Log-likelihoods, nats: that the part's next onset at this step is of that pitch, given the
        notes of earlier steps, those held, and those of the parts below it in number.
    """
    layout, notes = batch
    read = decoder.read(batch, noisy, memory)
    states = decoder.states(read.steps, memory).of_step.flatten(0, 1)
    alphabet, rows = decoder.alphabet, len(layout.row_exists)
    expected = []
    for part in range(alphabet.parts):
        first = alphabet.voices + part * PITCHES
        below = notes.symbol < first
        context = states.index_add(0, notes.row[below], read.of_note[below].to(states))
        last = torch.full((rows,), -1, device=states.device)
        last.scatter_reduce_(0, notes.row[below], notes.symbol[below], "amax")
        no = forbidden_at_first(read.ringing, layout.row_step == 0) | forbidden_after(last, alphabet)
        log_prob = decoder.say_symbol(context).masked_fill(no, -torch.inf).log_softmax(-1)
        expected.append(log_prob[:, first : first + PITCHES])
    return torch.stack(expected, dim=1).view(layout.steps, layout.windows, alphabet.parts, PITCHES)
