"""Notes that are given while the decoder writes others around them: a rule of what may be said.

A measure in which some parts are given is written as any other, from onset to onset. But no given note is
passed over: until it has been said only what comes before it may be, in time or in the order of symbols, and
of the parts that are given nothing else. What is written plays as likely as the decoder has it play: all else
that might be said is of given parts, which say what they say, however unlikely that is. How likely the whole
is, beside how likely it was drawn, is the weight of such a proposal in sequential Monte Carlo (Doucet, de
Freitas and Gordon 2001, chapter 1), and how likely the given notes are as they are written around.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from musicvae.core.categorical import COLDEST
from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import Notes

LEAST_LIKELY = 0.05  # that what is written plays at a row: nothing is ruled out
NEVER_AGAIN = 1 << 30  # the step of the next given note where there is none


class Rule(Protocol):
    """What may be said of the next measures of songs; logits of what may not be come back as -inf."""

    def begins(self, step: Tensor) -> Tensor:
        """Return in which songs something has to begin at the steps that they are at, bool, (B,)."""

    def steps(self, songs: Tensor, logits: Tensor) -> Tensor:
        """Return the logits of when something begins next in some songs, (b, t + 1)."""

    def symbols(self, songs: Tensor, step: Tensor, logits: Tensor) -> Tensor:
        """Return the logits of what is said next at steps of some songs, (b, symbols)."""

    def lengths(self, songs: Tensor, step: Tensor, symbol: Tensor, logits: Tensor) -> Tensor:
        """Return the logits of how long notes are that are now said at steps of some songs, (b, t)."""


class NoRule:
    """Everything may be said."""

    def begins(self, step: Tensor) -> Tensor:
        """Return in which songs something has to begin: in none."""
        return torch.zeros_like(step, dtype=torch.bool)

    def steps(self, songs: Tensor, logits: Tensor) -> Tensor:
        """Return the logits as they are."""
        return logits

    def symbols(self, songs: Tensor, step: Tensor, logits: Tensor) -> Tensor:
        """Return the logits as they are."""
        return logits

    def lengths(self, songs: Tensor, step: Tensor, symbol: Tensor, logits: Tensor) -> Tensor:
        """Return the logits as they are."""
        return logits


ANYTHING = NoRule()


class FixedNotes:
    """Notes that the next measures of B songs are to have, among others of parts that are written.

    Parameters
    ----------
    notes : Notes
        Of the parts that are given, by song, step and symbol.
    songs : int
        B.
    written : Tensor of bool, shape (parts,)
        Which parts are written.
    alphabet : Alphabet
    temperature : float or Tensor, shape (B,)
        At which each song is drawn.

    Attributes
    ----------
    log_prob : Tensor, shape (B,)
        How likely what is given was so far, nats.
    """

    def __init__(
        self, notes: Notes, songs: int, written: Tensor, alphabet: Alphabet, temperature: float | Tensor = 1.0
    ) -> None:
        counts = torch.bincount(notes.measure, minlength=songs)
        self._after = counts.cumsum(0)
        self._next = self._after - counts  # the note of each song that is to be said next
        # One more, which is none: so that there is something to look at behind the last one.
        self._step, self._symbol, self._length = (
            torch.cat([field, field.new_zeros(1)]) for field in (notes.step, notes.symbol, notes.length)
        )
        self._free = alphabet.lanes_of(written).repeat(2)  # the symbols of what is written
        self._end = alphabet.end
        self._alone = bool(written.all())
        warm = torch.as_tensor(temperature, dtype=torch.float32, device=written.device)
        self._temperature = warm.clamp(min=COLDEST).expand(songs)
        self.log_prob = torch.zeros(songs, device=written.device)
        # Of each song: what is added to its weight if no more is written at the row, and ...
        self._if_no_more = torch.zeros_like(self.log_prob)
        # ... if something is before the next given note is due; and how likely something is at a row.
        self._if_early = torch.zeros_like(self.log_prob)
        self._due = torch.zeros_like(self._next)
        self._likely = torch.ones_like(self.log_prob)
        self._row = torch.full_like(self._next, -1)

    def begins(self, step: Tensor) -> Tensor:
        """Return in which songs a given note begins at the steps that they are at, bool, (B,)."""
        return self._next_step(torch.arange(len(step), device=step.device)) == step

    def steps(self, songs: Tensor, logits: Tensor) -> Tensor:
        """Return the logits of when something begins next: no later than the next given note.

        Earlier ones are as likely as the decoder has them, and that what is written plays there.
        """
        self.log_prob[songs] += self._if_no_more[songs]
        self._if_no_more[songs] = 0
        every = torch.arange(logits.shape[1], device=logits.device)
        due = self._next_step(songs).clamp(max=every[-1])  # the last one: nothing more
        log_p, early = logits.log_softmax(-1), (every < due.unsqueeze(1)) & self._free.any()
        log_likely = self._likely[songs].log().unsqueeze(1)
        passed_over = log_p + torch.log1p(-self._likely[songs]).unsqueeze(1)
        waits = torch.where(early, passed_over, log_p).logsumexp(-1)
        if_due = log_p.gather(1, due.unsqueeze(1)).squeeze(1) - waits
        self.log_prob[songs] += if_due.to(self.log_prob)
        self._if_early[songs] = (-log_likely.squeeze(1) - if_due).to(self.log_prob)
        self._due[songs] = due
        proposed = (log_p + log_likely).masked_fill(~early, -torch.inf)
        return proposed.scatter(1, due.unsqueeze(1), self._keep_odds(songs, proposed, waits).unsqueeze(1))

    def symbols(self, songs: Tensor, step: Tensor, logits: Tensor) -> Tensor:
        """Return the logits of what is said next: what is written, or the next given note, or no more.

        What else the decoder might say is of given parts, which say what they say: it counts as if those that
        are written said no more, and no less.
        """
        begins = self._row[songs] != step
        early = begins & (step < self._due[songs])
        self.log_prob[songs] += torch.where(early, self._if_early[songs], 0)
        every = torch.arange(logits.shape[1], device=logits.device)
        given = self._symbol[self._next[songs]].unsqueeze(1)
        is_due = (self._next_step(songs) == step).unsqueeze(1)
        stop = torch.where(is_due, given, self._end)
        log_p = logits.log_softmax(-1)
        says = torch.cat([self._free, self._free.new_zeros(1)]) & (every < stop)
        of_stop, others = log_p.gather(1, stop).squeeze(1), log_p.masked_fill(says, -torch.inf).logsumexp(-1)
        plays = log_p.masked_fill(~says, -torch.inf)
        may_stop = of_stop > -torch.inf
        log_plays = plays.logsumexp(-1)
        self.log_prob[songs] += torch.where(may_stop, 0, log_plays).to(self.log_prob)
        self._if_no_more[songs] = torch.where(may_stop, of_stop - others, 0).to(self.log_prob)
        likely = log_plays.exp().clamp(LEAST_LIKELY, 1) if not self._alone else torch.ones_like(log_plays)
        self._likely[songs] = torch.where(begins, likely.to(self.log_prob), self._likely[songs])
        self._row[songs] = step
        stops = torch.where(may_stop, self._keep_odds(songs, plays, others), -torch.inf)
        return plays.scatter(1, stop, stops.unsqueeze(1))

    def lengths(self, songs: Tensor, step: Tensor, symbol: Tensor, logits: Tensor) -> Tensor:
        """Return the logits of lengths: a given note has its own, and is said with it."""
        note = self._next[songs]
        is_given = (self._next_step(songs) == step) & (self._symbol[note] == symbol)
        self.log_prob[songs] += torch.where(is_given, self._if_no_more[songs], 0)
        self._if_no_more[songs] = 0
        every = torch.arange(1, logits.shape[1] + 1, device=logits.device)
        self._next[songs] = note + is_given.long()
        as_given = every == self._length[note].unsqueeze(1)
        narrowed = logits.masked_fill(~(as_given | ~is_given.unsqueeze(1)), -torch.inf)
        self.log_prob[songs] += (narrowed.logsumexp(-1) - logits.logsumexp(-1)).to(self.log_prob)
        return narrowed

    def _keep_odds(self, songs: Tensor, plays: Tensor, rests: Tensor) -> Tensor:
        """Return the logit of playing nothing that is, at the songs' temperatures, as likely as it is at 1.

        Else the safer notes are drawn, the fewer would be: each of many is less likely than none at all.
        """
        warm, log_plays = self._temperature[songs], plays.logsumexp(-1)
        odds = rests - log_plays
        kept = warm * (odds + (plays / warm.unsqueeze(1)).logsumexp(-1))
        return torch.where(log_plays > -torch.inf, kept, rests)  # else nothing can be played

    def _next_step(self, songs: Tensor) -> Tensor:
        note = self._next[songs]
        return torch.where(note < self._after[songs], self._step[note], NEVER_AGAIN)
