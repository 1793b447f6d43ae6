"""The autoregressive note decoder: p(notes of step t | all notes before t, code of this measure).

It hears the song: its recurrence runs over the steps of all measures, and it may look back at them. A
measure's code is a hint that may be rough or absent (`noisy`); without codes the decoder is a language
model that goes on with the song, with them it says the measure back. The likelihood is exact either
way, and a melody, chords and drums are one case.

Within a step it says a set of notes low to high (`symbols`, `turns`), each followed by its length.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from musicvae.core.chance import uniform
from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.network.expectation import expect_onsets
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.noisy_codes import NoisyCodes
from musicvae.measures.network.note_network import NoteNetwork, Reading, find_steps
from musicvae.measures.network.teacher_forcing import (
    Turns,
    find_ringing,
    find_ringing_after,
    forbidden,
    take_turns,
)


class Heard(NamedTuple):
    """What comes of hearing measures: how likely each was, nats, (B * N,), and the memory after them."""

    log_prob: Tensor
    memory: Memory


class _Run(NamedTuple):
    """What came of running over some measures, R = S * B rows and K notes."""

    reading: Reading
    said: Tensor  # (R, H) the sum of the notes that begin at each step
    of_note: Tensor  # (K, H)
    ringing: Tensor  # (R, V) bool


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
        return self._read(batch, noisy, self.blank(batch.layout.windows), hidden).log_prob

    @torch.inference_mode()
    def hear(self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory) -> Heard:
        """Go on from a memory by measures that are known: at most `reach` of them at once."""
        return self._read(batch, noisy, memory)

    @torch.inference_mode()
    def weigh(self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory) -> Tensor:
        """Return how likely measures are after the memory of one song: each window is a way to go on.

        As `hear` with a memory copied to them all, without the copies. All windows have the same meters.
        """
        run = self._run(batch, noisy, memory)
        return self._score(batch, run.reading.states.flatten(0, 1), run.of_note, run.ringing)

    @torch.inference_mode()
    def expect(self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory) -> Tensor:
        """Return how likely each onset is at each step of known measures, given all that is said before it.

        Returns
        -------
        Tensor, shape (S, B, parts, 128)
            Log-likelihoods, nats: that the part's next onset at this step is of that pitch, given the
            notes of earlier steps, those held, and those of the parts below it in number.
        """
        run = self._run(batch, noisy, memory)
        return expect_onsets(self, batch, run.reading.states.flatten(0, 1), run.of_note, run.ringing)

    def _read(
        self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory, hidden: Tensor | None = None
    ) -> Heard:
        run, layout = self._run(batch, noisy, memory, hidden), batch.layout
        log_prob = self._score(batch, run.reading.states.flatten(0, 1), run.of_note, run.ringing)
        after = Memory(
            run.reading.recurrent,
            run.reading.pasts,
            run.said[layout.last_row],
            find_ringing_after(batch, self.alphabet),
            memory.measures + layout.exists.view(layout.windows, -1).sum(1),
        )
        return Heard(log_prob, after)

    def _run(
        self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory, hidden: Tensor | None = None
    ) -> _Run:
        """Run over the steps of measures that are known."""
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
        reading = self.states(
            x.view(shape),
            said.view(shape),
            find_steps(layout, memory.measures),
            memory.recurrent,
            memory.pasts,
            exists,
        )
        return _Run(reading, said, of_note, ringing)

    def _hide(self, layout: Layout, noisy: NoisyCodes, generator: torch.Generator | None) -> Tensor:
        """Return which steps are hidden from those after them, bool, shape (S * B,)."""
        device = layout.row_step.device
        share = self.hiding * uniform((layout.windows,), generator, device)
        coin = uniform((layout.steps, layout.windows), generator, device)
        follows = (1 - noisy.freedom)[layout.row_measure].view(layout.steps, layout.windows)
        return (coin < share.clamp(max=1) * follows).flatten()

    def _score(self, batch: MeasureBatch, states: Tensor, of_note: Tensor, ringing: Tensor) -> Tensor:
        """Return the log-likelihood of each measure, given the states (S * B, H)."""
        layout, notes = batch
        turns = take_turns(batch, self.alphabet)
        context = states[turns.row].index_add(0, turns.pair_turn, of_note[turns.pair_note].to(states))
        of_turn = self._symbol_log_prob(context, turns, ringing, layout)
        of_length = self._length_log_prob(context[: len(notes.row)], batch)
        total = of_turn.new_zeros(len(layout.measure_steps))
        total.index_add_(0, layout.row_measure[turns.row], of_turn)
        return total.index_add_(0, notes.measure, of_length)

    def _symbol_log_prob(self, context: Tensor, turns: Turns, ringing: Tensor, layout: Layout) -> Tensor:
        no = forbidden(turns.last, ringing[turns.row], layout.row_step[turns.row] == 0, self.alphabet)
        logits = self.say_symbol(context).masked_fill(no, -torch.inf)
        return -nn.functional.cross_entropy(logits, turns.target, reduction="none")

    def _length_log_prob(self, context: Tensor, batch: MeasureBatch) -> Tensor:
        layout, notes = batch
        logits = self.say_length(context + self.symbol(notes.symbol).to(context))
        logits = self.mask_lengths(logits, layout.measure_steps[notes.measure] - notes.step)
        return -nn.functional.cross_entropy(logits, notes.length - 1, reduction="none")
