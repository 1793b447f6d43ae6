"""The autoregressive note decoder: p(notes of step t | all notes before t, code of this measure).

It hears the song: its recurrence runs over the steps of all measures, and it may look back at them. A
measure's code may be rough or absent (`measures.data.noisy_codes`); without codes the decoder is a language
model that goes on with the song, with them it says the measure back. The likelihood is exact either
way, and a melody, chords and drums are one case.

Within a step it says a set of notes low to high (`alphabet`, `teacher_forcing`), each followed by its length.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from musicvae.core.categorical import Chooser
from musicvae.core.chance import uniform
from musicvae.measures.data.alphabet import PITCHES
from musicvae.measures.data.batch import Layout, MeasureBatch, Notes
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.network.memory import Memory, Written
from musicvae.measures.network.note_network import At, KnownSteps, NoteNetwork, find_rows, find_steps
from musicvae.measures.network.note_writing import write_measure
from musicvae.measures.network.teacher_forcing import (
    Predictions,
    find_ringing,
    find_ringing_after,
    forbidden_after,
    forbidden_at_first,
    list_predictions,
)
from musicvae.measures.rolls.odds import Odds


class Heard(NamedTuple):
    """What comes of hearing measures: how likely each was, nats, (B * N,), and the memory after them."""

    log_prob: Tensor
    memory: Memory


class Read(NamedTuple):
    """Known measures as the decoder reads them: S * B steps, K notes."""

    steps: KnownSteps
    of_note: Tensor  # (K, H)
    ringing: Tensor  # (S * B, L) bool
    odds: Odds | None


class NoteDecoder(NoteNetwork):
    """Songs given codes of their measures: how likely they are; `note_writing` draws new ones.

    Parameters
    ----------
    config : MeasureVAEConfig
    """

    hears_song: ClassVar[bool] = True

    def __init__(self, config: MeasureVAEConfig) -> None:
        super().__init__(config)
        self.hiding = config.hiding

    def log_prob(
        self, batch: MeasureBatch, noisy: NoisyCodes, generator: torch.Generator | None = None
    ) -> Tensor:
        """Return the log-likelihood of each measure given those before it, nats, shape (B * N,).

        In training, a share of the steps is hidden from the steps after them, as far as their measures
        follow codes: a share drawn for each window by the generator, up to `hiding`. Without such "word
        dropout" (Bowman et al. 2016) the decoder goes by what it hears and the code is ignored.
        """
        hidden = self._hide(batch.layout, noisy, generator) if self.training else None
        return self._hear(batch, noisy, self.blank(batch.layout.windows), hidden).log_prob

    @torch.inference_mode()
    def hear(self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory) -> Heard:
        """Go on from a memory by measures that are known: at most `reach` of them at once."""
        return self._hear(batch, noisy, memory)

    @torch.inference_mode()
    def weigh(self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory) -> Tensor:
        """Return how likely measures are after the memory of one song: each window is a way to go on.

        All windows have the same meters.
        """
        read = self.read(batch, noisy, memory)
        if batch.layout.windows == 1:  # there is nothing to copy
            return self._score(batch, read, self.states(read.steps, memory).of_step)
        return self._score(batch, read, self.states_of_ways(read.steps, memory))

    @torch.inference_mode()
    def expect(self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory) -> Tensor:
        """Return how likely each onset is at each step of known measures, given all that is said before it.

        It is read off the states of one run over the measures, and so costs no more than hearing them.

        Returns
        -------
        Tensor, shape (S, B, parts, 128)
            Log-likelihoods, nats: that the part's next onset at this step is of that pitch, given the
            notes of earlier steps, those held, and those of the parts below it in number.
        """
        layout, notes = batch
        read = self.read(batch, noisy, memory)
        states = self.states(read.steps, memory).of_step.flatten(0, 1)
        expected = []
        for part in range(self.alphabet.parts):
            first = self.alphabet.lanes + part * PITCHES
            below = notes.symbol < first
            context = states.index_add(0, notes.row[below], read.of_note[below].to(states))
            last = torch.full((len(states),), -1, device=states.device)
            last.scatter_reduce_(0, notes.row[below], notes.symbol[below], "amax")
            no = forbidden_at_first(read.ringing, layout.row_step == 0) | forbidden_after(last, self.alphabet)
            logits = self.next_symbol(context, find_rows(layout), read.odds)
            log_prob = logits.masked_fill(no, -torch.inf).log_softmax(-1)
            expected.append(log_prob[:, first : first + PITCHES])
        return torch.stack(expected, dim=1).view(layout.steps, layout.windows, -1, PITCHES)

    def write(self, layout: Layout, noisy: NoisyCodes, draw: Chooser, memory: Memory) -> Written:
        """Return notes for the next measure of each song, and what is remembered after it."""
        return write_measure(self, layout, noisy, draw, memory)

    def _hear(
        self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory, hidden: Tensor | None = None
    ) -> Heard:
        read, layout = self.read(batch, noisy, memory, hidden), batch.layout
        states = self.states(read.steps, memory)
        after = Memory(
            states.recurrent,
            states.pasts,
            read.steps.said.flatten(0, 1)[layout.last_row],
            find_ringing_after(batch, self.alphabet),
            memory.measures + layout.exists.view(layout.windows, -1).sum(1),
        )
        return Heard(self._score(batch, read, states.of_step), after)

    def read(
        self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory, hidden: Tensor | None = None
    ) -> Read:
        """Return what is known of each step of known measures; `hidden` ones, (S * B,), tell nothing."""
        layout, notes = batch
        of_note = self.note(notes.symbol, notes.length)
        said = of_note.new_zeros(len(layout.row_exists), of_note.shape[1]).index_add_(0, notes.row, of_note)
        ringing = find_ringing(batch, self.alphabet)
        ringing[: layout.windows] |= memory.ringing
        heard = torch.cat([memory.heard.to(said).expand(layout.windows, -1), said[: -layout.windows]])
        heard = heard + self.ringing(ringing.to(heard))
        if hidden is not None:
            said = torch.where(hidden.unsqueeze(1), self.unheard.to(said), said)
            hidden = torch.cat([torch.zeros_like(hidden[: layout.windows]), hidden[: -layout.windows]])
            heard = torch.where(hidden.unsqueeze(1), self.unheard.to(heard), heard)
        x = self.conditions(layout, noisy) + heard
        shape = (layout.steps, layout.windows, -1)
        # The mask is for the memory alone: in training nothing comes after.
        exists = None if self.training else layout.row_exists.view(shape)
        steps = find_steps(layout, memory.measures)
        return Read(
            KnownSteps(x.view(shape), said.view(shape), steps, exists),
            of_note,
            ringing,
            self.odds(layout, noisy),
        )

    def _hide(self, layout: Layout, noisy: NoisyCodes, generator: torch.Generator | None) -> Tensor:
        """Return which steps are hidden from those after them, bool, shape (S * B,)."""
        device = layout.row_step.device
        share = self.hiding * uniform((layout.windows,), generator, device)
        coin = uniform((layout.steps, layout.windows), generator, device)
        follows = (1 - noisy.freedom)[layout.row_measure].view(layout.steps, layout.windows)
        return (coin < share.clamp(max=1) * follows).flatten()

    def _score(self, batch: MeasureBatch, read: Read, states: Tensor) -> Tensor:
        """Return the log-likelihood of each measure, given the states (S, B, H)."""
        layout, notes = batch
        predictions, states = list_predictions(batch, self.alphabet), states.flatten(0, 1)
        said_before = read.of_note[predictions.pair_note].to(states)
        context = states[predictions.row].index_add(0, predictions.pair_prediction, said_before)
        at = find_rows(layout).select(predictions.row)
        of_prediction = self._symbol_log_prob(context, predictions, at, read)
        of_length = self._length_log_prob(context[: len(notes.row)], notes, at, read.odds)
        total = of_prediction.new_zeros(len(layout.measure_steps))
        total.index_add_(0, layout.row_measure[predictions.row], of_prediction)
        return total.index_add_(0, notes.measure, of_length)

    def _symbol_log_prob(self, context: Tensor, predictions: Predictions, at: At, read: Read) -> Tensor:
        no = forbidden_at_first(read.ringing[predictions.row], at.step == 0)
        no = no | forbidden_after(predictions.last, self.alphabet)
        logits = self.next_symbol(context, at, read.odds).masked_fill(no, -torch.inf)
        return -nn.functional.cross_entropy(logits, predictions.target, reduction="none")

    def _length_log_prob(self, context: Tensor, notes: Notes, at: At, odds: Odds | None) -> Tensor:
        logits = self.next_length(context, notes.symbol, at.select(slice(len(context))), odds)
        return -nn.functional.cross_entropy(logits, notes.length - 1, reduction="none")
