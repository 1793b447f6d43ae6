"""Writing with the note decoder: notes drawn from onset to onset, each hearing all before it.

Whatever chooses is asked for the notes of a row (each symbol, then its length, at last "no more") and then
for when something begins next: the index of the step, or the one after the last step for nothing more.

A song that is written greedily goes to the first step at which it is likelier than not that something begins,
and leaves it again where its likeliest first note is no likelier than that nothing begins there. So what is
taken is the likeliest note or nothing, step by step, and nowhere a note of many just because some note is
due.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.core.categorical import Chooser, Draw
from musicvae.core.training.precision import at_least_single
from musicvae.measures.data.batch import Layout, Notes
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.network.memory import Memory, Written
from musicvae.measures.network.note_network import NoteNetwork
from musicvae.measures.network.rows import At
from musicvae.measures.network.rules import ANYTHING, Rule
from musicvae.measures.network.stepping import RowStepper
from musicvae.measures.network.teacher_forcing import find_free, forbidden

NOTHING = -1  # the symbol before a row's first


@torch.inference_mode()
def write_measure(
    decoder: NoteNetwork,
    layout: Layout,
    noisy: NoisyCodes,
    draw: Chooser,
    memory: Memory,
    rule: Rule = ANYTHING,
) -> Written:
    """Return notes for the next measure of each song, and what is remembered after it.

    Parameters
    ----------
    decoder : NoteNetwork
    layout : Layout
        Of one measure a song (N = 1), which may be of several meters.
    noisy : NoisyCodes
    draw : Chooser
    memory : Memory
        From before the measure.
    rule : Rule
        What may be said.
    """
    writing = _MeasureWriting(decoder, layout, noisy, draw, memory, rule)
    while bool(writing.active.any()):
        writing.go_on()
    return Written(writing.notes(), writing.memory())


class _Said(NamedTuple):
    """Notes said in one prediction: the songs that said one, its step, symbol and length."""

    song: Tensor
    step: Tensor
    symbol: Tensor
    length: Tensor


class _Row(NamedTuple):
    """The next rows of b songs, one in each."""

    song: Tensor
    at: At
    ringing: Tensor  # (b, L) bool
    expected: Tensor | None  # (b, symbols) by the sketch


class _MeasureWriting:
    """The next measure of B songs as it is written; arguments are those of `write_measure`."""

    def __init__(
        self,
        decoder: NoteNetwork,
        layout: Layout,
        noisy: NoisyCodes,
        draw: Chooser,
        memory: Memory,
        rule: Rule,
    ) -> None:
        self.decoder, self.draw, self.before, self.rule = decoder, draw, memory, rule
        self.told, self.vacant = decoder.tell(layout, noisy), layout.vacant
        self.stepper = RowStepper(decoder, self.told, memory)
        self.every = torch.arange(layout.windows, device=memory.measures.device)
        self.greedy = _find_greedy(draw, self.every)
        self.written: list[_Said] = []
        # Of each song: whether it goes on, the step it is at, its last row, and what was said there.
        self.active, self.step, self.row_step = layout.exists, self.every * 0, self.every * 0
        self.said, self.heard = torch.zeros_like(memory.heard), memory.heard.clone()
        self.until = torch.zeros_like(memory.ringing, dtype=torch.long)  # the step at which each lane stops
        self.when = memory.heard.new_zeros(len(self.every), self.told.keys.shape[1] + 1)
        self.hazard = memory.heard.new_ones(len(self.every))  # of the step, where nothing began before it

    def go_on(self) -> None:
        """Say what begins at the step that each song is at, and when something does next."""
        at, opens = self.told.at(self.every, self.step), self.step == 0
        ringing = torch.where(opens.unsqueeze(1), self.before.ringing, self.until > self.step.unsqueeze(1))
        state = at_least_single(self.stepper.try_row(at, self.heard, ringing))
        nothing = torch.full_like(self.step, NOTHING)
        no = forbidden(ringing, opens, nothing, self.vacant, self.decoder.alphabet)
        expected = self.told.expected(at)
        first = self.decoder.next_symbol(state, self.told.band, expected).masked_fill_(no, -torch.inf)
        kept = self.active & (~self._is_doubtful(first) | self.rule.begins(self.step))
        self.stepper.keep(kept)
        songs = kept.nonzero().squeeze(1)
        self.said[songs], self.row_step[songs] = 0, self.step[songs]
        row = _Row(songs, at.select(songs), ringing[songs], None if expected is None else expected[songs])
        context = self._say_notes(row, state[songs], first[songs])
        self.when[songs] = self._expect_next(row, context).to(self.when)
        self._choose_next(self.active.nonzero().squeeze(1))

    def _is_doubtful(self, first: Tensor) -> Tensor:
        """Return which songs, written greedily, rather say nothing than the likeliest first note, (B,)."""
        chance = first.softmax(-1).amax(-1)
        return self.greedy & (self.step > 0) & (self.hazard * chance <= 1 - self.hazard)

    def _say_notes(self, row: _Row, context: Tensor, logits: Tensor) -> Tensor:
        """Draw the notes of a row until each song has said "no more", given the logits of what is said first.

        Returns
        -------
        Tensor, shape (b, H)
            The states, having heard them.
        """
        decoder, heard = self.decoder, context.clone()
        active = torch.arange(len(row.song), device=row.song.device)
        while len(active):
            song = row.song[active]
            symbol = self.draw.of(song).pick(self.rule.symbols(song, row.at.step[active], logits))
            goes_on = symbol != decoder.alphabet.end
            active, song, symbol = active[goes_on], song[goes_on], symbol[goes_on]
            if not len(active):
                break
            at = row.at.select(active)
            lengths = decoder.next_length(heard[active], symbol, at, self.told)
            length = self.draw.of(song).pick(self.rule.lengths(song, at.step, symbol, lengths)) + 1
            band = self.told.band[song]
            note = decoder.note(symbol, length, band)
            heard[active] += note.to(heard)
            self._add(_Said(song, at.step, symbol, length), note)
            no = forbidden(row.ringing[active], at.step == 0, symbol, self.vacant[song], decoder.alphabet)
            expected = None if row.expected is None else row.expected[active]
            logits = decoder.next_symbol(heard[active], band, expected).masked_fill_(no, -torch.inf)
        return heard

    def _add(self, said: _Said, note: Tensor) -> None:
        """Keep notes, given their embedding."""
        self.said.index_add_(0, said.song, note.to(self.said))
        lane = said.symbol % self.decoder.alphabet.lanes
        # A pitch both held and struck rings as long as the longer of the two.
        until = torch.maximum(self.until[said.song, lane], said.step + said.length)
        self.until[said.song, lane] = until
        self.written.append(said)

    def _expect_next(self, row: _Row, context: Tensor) -> Tensor:
        """Return the logits of when something begins after a row, (b, t + 1)."""
        asked, keys = self.decoder.when.ask(context), self.told.keys[row.song]
        likeness = (keys @ asked.query.to(keys).unsqueeze(2)).squeeze(2)
        free = find_free(self.until[row.song], self.vacant[row.song], self.decoder.alphabet)
        return self.decoder.next_onset(asked, likeness, row.at, free, self.told)

    def _choose_next(self, songs: Tensor) -> None:
        """Choose when something begins next in songs, after the step they are at."""
        none = self.when.shape[1] - 1
        gone = torch.arange(none + 1, device=songs.device) <= self.step[songs].unsqueeze(1)
        left = self.rule.steps(songs, self.when[songs].masked_fill_(gone, -torch.inf))
        hazard, greedy = _find_hazard(left), self.greedy[songs]
        step = (hazard > 0.5).long().argmax(1)  # the first such step; that of none is 1
        if not bool(greedy.all()):
            step = torch.where(greedy, step, self.draw.of(songs).pick(left))
        goes_on = step < none
        self.active[songs], self.step[songs] = goes_on, torch.where(goes_on, step, self.step[songs])
        self.hazard[songs] = hazard.gather(1, step.unsqueeze(1)).squeeze(1)
        gap = torch.where(goes_on, step - self.row_step[songs], 0)
        self.heard[songs] = self.said[songs] + self.decoder.when.gap(gap).to(self.said)
        self.stepper.said(self.heard[songs], songs)

    def notes(self) -> Notes:
        """Return what was written."""
        nothing = (self.every[:0],) * 4
        song, step, symbol, length = (
            torch.cat(column) for column in zip(nothing, *self.written, strict=True)
        )
        # Notes of a row are in the order of symbols already.
        order = torch.argsort(song * self.when.shape[1] + step, stable=True)
        return Notes(song[order], step[order], length[order], symbol[order])

    def memory(self) -> Memory:
        """Return what is remembered after the measure."""
        ringing = self.until == self.told.measure_steps.unsqueeze(1)
        stepper = self.stepper
        return Memory(stepper.recurrent, stepper.pasts(), self.heard, ringing, self.before.measures + 1)


def _find_hazard(logits: Tensor) -> Tensor:
    """Return how likely something begins at each step if it does not before, (songs, t + 1); at last 1."""
    chance = logits.softmax(-1)
    left = chance.flip(-1).cumsum(-1).flip(-1)
    hazard = chance / left.clamp(min=torch.finfo(chance.dtype).tiny)
    hazard[:, -1] = 1
    return hazard


def _find_greedy(draw: Chooser, songs: Tensor) -> Tensor:
    """Return which songs are written without chance, by the likeliest, bool, (B,)."""
    temperature = draw.temperature if isinstance(draw, Draw) else 1.0
    return (torch.as_tensor(temperature, device=songs.device) == 0).expand(len(songs))
