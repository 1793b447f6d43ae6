"""The autoregressive note decoder: p(what begins next, and when | all notes before it, code of this measure).

It hears the song: its recurrence runs from onset to onset through all measures (`rows`), and it may look back
at them. A measure's code may be rough or absent (`measures.data.noisy_codes`); without codes the decoder is a
language model that goes on with the song, with them it says the measure back. The likelihood is exact either
way, and a melody, chords and drums are one case.

At a row it says a set of notes low to high (`alphabet`, `teacher_forcing`), each followed by its length, and
then when something begins next in the measure, if anything does (`readouts`).
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
from musicvae.measures.network.note_network import NoteNetwork, Told
from musicvae.measures.network.note_writing import write_measure
from musicvae.measures.network.reading import Read, read_measures
from musicvae.measures.network.rows import NO_STEP, Rows, find_onsets, find_rows, lay_rows
from musicvae.measures.network.rules import ANYTHING, Rule
from musicvae.measures.network.teacher_forcing import (
    Predictions,
    find_free,
    forbidden,
    list_predictions,
)
from musicvae.midi.songs.instruments import NOBODY


class Heard(NamedTuple):
    """What comes of hearing measures: how likely each was, nats, (B * N,), and the memory after them."""

    log_prob: Tensor
    memory: Memory


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

        In training, a share of the rows is hidden from the rows after them, as far as their measures
        follow codes: a share drawn for each window by the generator, up to `hiding`. Without such "word
        dropout" (Bowman et al. 2016) the decoder goes by what it hears and the code is ignored.
        """
        memory, rows = self.blank(batch.layout.windows), find_rows(batch)
        hidden = self._hide(rows, noisy, generator) if self.training else None
        return self._hear(batch, read_measures(self, batch, rows, noisy, memory, hidden), memory).log_prob

    @torch.inference_mode()
    def hear(self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory) -> Heard:
        """Go on from a memory by measures that are known: at most `reach` of them at once."""
        read = read_measures(self, batch, find_rows(batch), noisy, memory)
        return self._hear(batch, read, memory)

    @torch.inference_mode()
    def weigh(self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory) -> Tensor:
        """Return how likely measures are after the memory of one song: each window is a way to go on.

        All windows have the same meters.
        """
        read = read_measures(self, batch, find_rows(batch), noisy, memory)
        if batch.layout.windows == 1:  # there is nothing to copy
            return self._score(batch, read, self.states(read.known, memory).of_row)
        return self._score(batch, read, self.states_of_ways(read.known, memory))

    @torch.inference_mode()
    def expect(self, batch: MeasureBatch, noisy: NoisyCodes, memory: Memory, steps: Tensor) -> Tensor:
        """Return how likely each onset is at some steps of a known measure, given all that is said before it.

        At most steps nothing begins: they are no rows. So for each of these the decoder is asked what it
        would say if all before it were said and the step came next. How likely it is that something begins
        there, where nothing did since the row before, counts where nothing is known to begin there.

        Parameters
        ----------
        batch : MeasureBatch
            One measure of the song whose memory it is.
        noisy : NoisyCodes
        memory : Memory
        steps : Tensor of int, shape (a,)
            That are asked for, none twice.

        Returns
        -------
        Tensor, shape (a, parts, 128)
            Log-likelihoods, nats: that the part's next onset at this step is of that pitch, given the
            notes of earlier steps, those held, and those of the parts below it in number.
        """
        ways, rows = _ask_at(batch, steps)
        noisy = NoisyCodes(*(field.expand(rows.windows, *field.shape[1:]) for field in noisy))
        read, notes, asked = read_measures(self, ways, rows, noisy, memory), ways.notes, rows.last
        states = self.states_of_ways(read.known, memory).flatten(0, 1)
        row = rows.find(notes.measure, notes.step)
        begins = self._log_hazard(states.index_add(0, row, read.of_note.to(states)), read)
        at, is_asked = read.told.at(rows.measure[asked], rows.step[asked]), row == asked[notes.measure]
        sketched, expected = read.told.expected(at), []
        band, vacant = read.told.band[at.measure], ways.layout.vacant[at.measure]
        for part in range(self.alphabet.parts):
            first = self.alphabet.lanes + part * PITCHES
            below = is_asked & (notes.symbol < first)
            way = notes.measure[below]
            context = states[asked].index_add(0, way, read.of_note[below].to(states))
            last = torch.full_like(asked, -1).scatter_reduce(0, way, notes.symbol[below], "amax")
            no = forbidden(read.sounding.ringing[asked], at.step == 0, last, vacant, self.alphabet)
            log_prob = self.next_symbol(context, band, sketched).masked_fill(no, -torch.inf).log_softmax(-1)
            known = torch.where(last < 0, begins, 0).unsqueeze(1)
            expected.append(log_prob[:, first : first + PITCHES] + known)
        return torch.stack(expected, dim=1)

    def write(
        self, layout: Layout, noisy: NoisyCodes, draw: Chooser, memory: Memory, rule: Rule = ANYTHING
    ) -> Written:
        """Return notes for the next measure of each song, and what is remembered after it."""
        return write_measure(self, layout, noisy, draw, memory, rule)

    def _hear(self, batch: MeasureBatch, read: Read, memory: Memory) -> Heard:
        states, layout, last = self.states(read.known, memory), batch.layout, read.rows.last
        after = Memory(
            states.recurrent,
            states.pasts,
            read.known.said.flatten(0, 1)[last],
            read.sounding.until[last] == layout.measure_steps[read.rows.measure[last]].unsqueeze(1),
            memory.measures + layout.exists.view(layout.windows, -1).sum(1),
        )
        return Heard(self._score(batch, read, states.of_row), after)

    def _hide(self, rows: Rows, noisy: NoisyCodes, generator: torch.Generator | None) -> Tensor:
        """Return which rows are hidden from those after them, bool, shape (R * B,)."""
        device = rows.step.device
        share = self.hiding * uniform((rows.windows,), generator, device)
        coin = uniform(rows.shape, generator, device)
        follows = (1 - noisy.freedom)[rows.measure].view(rows.shape)
        return (coin < share.clamp(max=1) * follows).flatten()

    def _score(self, batch: MeasureBatch, read: Read, states: Tensor) -> Tensor:
        """Return the log-likelihood of each measure, given the states (R, B, H)."""
        notes, rows = batch.notes, read.rows
        predictions, states = list_predictions(notes, rows, self.alphabet), states.flatten(0, 1)
        said_before = read.of_note[predictions.pair_note].to(states)
        context = states[predictions.row].index_add(0, predictions.pair_prediction, said_before)
        count = len(notes.step)
        of_prediction = self._symbol_log_prob(context, predictions, read)
        of_length = self._length_log_prob(context[:count], notes, read.told)
        # The predictions of "no more" are one for each row, which by then has heard all that it says.
        of_onset = self._onset_log_prob(context[count:], predictions.row[count:], read)
        total = of_prediction.new_zeros(len(batch.layout.measure_steps))
        total.index_add_(0, rows.measure[predictions.row], of_prediction)
        total.index_add_(0, rows.measure[predictions.row[count:]], of_onset)
        return total.index_add_(0, notes.measure, of_length)

    def _symbol_log_prob(self, context: Tensor, predictions: Predictions, read: Read) -> Tensor:
        row, rows = predictions.row, read.rows
        band = read.told.band[rows.measure[row]]
        no = forbidden(
            read.sounding.ringing[row], rows.opens[row], predictions.last, band == NOBODY, self.alphabet
        )
        logits = self.next_symbol(context, band, self._expected(row, read)).masked_fill(no, -torch.inf)
        return -nn.functional.cross_entropy(logits, predictions.target, reduction="none")

    def _expected(self, row: Tensor, read: Read) -> Tensor | None:
        """Return what the sketch lets expect in predictions, worked out once for each row."""
        rows = read.rows
        exist = rows.exists.nonzero().squeeze(1)
        expected = read.told.expected(read.told.at(rows.measure[exist], rows.step[exist]))
        return None if expected is None else expected[(rows.exists.cumsum(0) - 1)[row]]

    def _length_log_prob(self, context: Tensor, notes: Notes, told: Told) -> Tensor:
        logits = self.next_length(context, notes.symbol, told.at(notes.measure, notes.step), told)
        return -nn.functional.cross_entropy(logits, notes.length - 1, reduction="none")

    def _onset_log_prob(self, context: Tensor, row: Tensor, read: Read) -> Tensor:
        logits = self._onset_logits(context, row, read)
        following = read.rows.following[row]
        target = torch.where(following == NO_STEP, logits.shape[1] - 1, following)
        return -nn.functional.cross_entropy(logits, target, reduction="none")

    def _log_hazard(self, context: Tensor, read: Read) -> Tensor:
        """Return how likely something begins at each window's last row, if nothing did since the one before.

        Parameters
        ----------
        context : Tensor, shape (R * B, H)
            The states of rows that have heard all that they say.
        read : Read
        """
        last = read.rows.last
        step, before = read.rows.step[last], (last - read.rows.windows).clamp(min=0)
        log_prob = self._onset_logits(context[before], before, read).log_softmax(-1)
        gone = torch.arange(log_prob.shape[1], device=last.device) < step.unsqueeze(1)
        left = log_prob.masked_fill(gone, -torch.inf).logsumexp(-1)
        return torch.where(step > 0, log_prob.gather(1, step.unsqueeze(1)).squeeze(1) - left, 0.0)

    def _onset_logits(self, context: Tensor, row: Tensor, read: Read) -> Tensor:
        """Return the logits of when something begins after rows, given the states that say it."""
        rows, asked = read.rows, self.when.ask(context)
        measure, rank = rows.measure[row], rows.rank[row]
        # Rows of one measure meet its steps in one product.
        table = asked.query.new_zeros(len(read.told.keys), int(rank.max()) + 1, asked.query.shape[1])
        queries = table.index_put((measure, rank), asked.query)
        likeness = (queries @ read.told.keys.transpose(1, 2))[measure, rank]
        free = find_free(read.sounding.until[row], read.told.band[measure] == NOBODY, self.alphabet)
        return self.next_onset(asked, likeness, read.told.at(measure, rows.step[row]), free, read.told)


def _ask_at(batch: MeasureBatch, steps: Tensor) -> tuple[MeasureBatch, Rows]:
    """Return for some steps of a measure a window each, of all that is said up to it and a last row there."""
    layout, notes = batch
    onsets = find_onsets(batch)
    every = torch.arange(onsets.shape[1], device=onsets.device)
    way, note = (notes.step <= steps.unsqueeze(1)).nonzero(as_tuple=True)
    ways = Layout(len(steps), 1, *(field.expand(len(steps), *field.shape[1:]) for field in layout[2:]))
    told = Notes(way, *(field[note] for field in notes[1:]))
    asked = steps.unsqueeze(1)
    return MeasureBatch(ways, told), lay_rows(ways, onsets & (every <= asked) | (every == asked))
