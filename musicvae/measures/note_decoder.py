"""The autoregressive note decoder: p(notes of step t | all notes before t, code of this measure).

It hears the song: its recurrence runs over the steps of all measures. A measure's code is a hint that
may be absent; without codes the decoder is a language model that goes on with the song, with them it
says the measure back. The likelihood is exact either way, and a melody, chords and drums are one case.

Within a step it says a set of notes low to high (`symbols`, `turns`), each followed by its length.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from musicvae.core.chance import uniform
from musicvae.measures.batch import Layout, MeasureBatch, Notes
from musicvae.measures.note_network import Hints, NoteNetwork
from musicvae.measures.note_sampling import Draw, sample_notes
from musicvae.measures.turns import Turns, find_ringing, forbidden, take_turns


class NoteDecoder(NoteNetwork):
    """Songs given codes of their measures: how likely they are, and new ones drawn."""

    hears_song: ClassVar[bool] = True
    hiding: float = 1.0  # set by the config: see MeasureVAEConfig

    def sample(self, layout: Layout, hints: Hints, draw: Draw) -> Notes:
        """Return notes for every measure of a layout."""
        return sample_notes(self, layout, hints, draw)

    def log_prob(self, batch: MeasureBatch, hints: Hints, generator: torch.Generator | None = None) -> Tensor:
        """Return the log-likelihood of each measure given those before it, nats, shape (B * N,).

        In training, a share of the steps is hidden from the steps after them where the code is given: a
        share drawn for each window by the generator, up to `hiding`. Without such "word dropout" (Bowman
        et al. 2016) the decoder goes by what it hears and the code is ignored.
        """
        layout, notes = batch
        ringing = find_ringing(batch, self.alphabet)
        said = self.note(notes.symbol, notes.length)
        heard = self._heard(batch, said, ringing)
        if self.training:
            hidden = self._hide(layout, generator) & hints.given[layout.row_measure]
            heard = torch.where(hidden.unsqueeze(1), self.unheard.to(heard), heard)
        x = self.conditions(layout, hints) + heard
        states, _ = self.states(x.view(layout.steps, layout.windows, -1))
        states = states.flatten(0, 1)

        turns = take_turns(batch, self.alphabet)
        context = states[turns.row].index_add(0, turns.pair_turn, said[turns.pair_note].to(states))
        of_turn = self._symbol_log_prob(context, turns, ringing, layout)
        of_note = self._length_log_prob(context[: len(notes.row)], batch)
        total = of_turn.new_zeros(len(layout.measure_steps))
        total.index_add_(0, layout.row_measure[turns.row], of_turn)
        return total.index_add_(0, notes.measure, of_note)

    def _heard(self, batch: MeasureBatch, said: Tensor, ringing: Tensor) -> Tensor:
        """Return what each step hears: the notes begun a step before it, and what rings on; (S * B, H)."""
        layout, notes = batch
        began = said.new_zeros(len(ringing), said.shape[1]).index_add_(0, notes.row, said)
        before = torch.cat([torch.zeros_like(began[: layout.windows]), began[: -layout.windows]])
        return before + self.ringing(ringing.to(before))

    def _hide(self, layout: Layout, generator: torch.Generator | None) -> Tensor:
        """Return which steps are hidden from those after them, bool, shape (S * B,)."""
        device = layout.row_step.device
        share = self.hiding * uniform((layout.windows,), generator, device)
        coin = uniform((layout.steps, layout.windows), generator, device)
        return (coin < share).flatten()

    def _symbol_log_prob(self, context: Tensor, turns: Turns, ringing: Tensor, layout: Layout) -> Tensor:
        no = forbidden(turns.last, ringing[turns.row], layout.row_step[turns.row] == 0, self.alphabet)
        logits = self.say_symbol(context).masked_fill(no, -torch.inf)
        return -nn.functional.cross_entropy(logits, turns.target, reduction="none")

    def _length_log_prob(self, context: Tensor, batch: MeasureBatch) -> Tensor:
        layout, notes = batch
        logits = self.say_length(context + self.symbol(notes.symbol).to(context))
        logits = self.mask_lengths(logits, layout.measure_steps[notes.measure] - notes.step)
        return -nn.functional.cross_entropy(logits, notes.length - 1, reduction="none")
