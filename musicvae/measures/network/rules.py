"""Notes that are given while the decoder writes others around them: a rule of what may be said.

A measure in which some parts are given is written as any other, from onset to onset. But no given note is
passed over: until it has been said only what comes before it may be, in time or in the order of symbols, and
of the parts that are given nothing else. How likely the decoder finds what is left to it each time, of all
that it might say, is how likely it finds the given notes, as they are written around: the weight of such a
proposal in sequential Monte Carlo (Doucet, de Freitas and Gordon 2001, chapter 1).
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import Notes

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

    Attributes
    ----------
    log_prob : Tensor, shape (B,)
        How likely what is given was so far, nats.
    """

    def __init__(self, notes: Notes, songs: int, written: Tensor, alphabet: Alphabet) -> None:
        counts = torch.bincount(notes.measure, minlength=songs)
        self._after = counts.cumsum(0)
        self._next = self._after - counts  # the note of each song that is to be said next
        # One more, which is none: so that there is something to look at behind the last one.
        self._step, self._symbol, self._length = (
            torch.cat([field, field.new_zeros(1)]) for field in (notes.step, notes.symbol, notes.length)
        )
        lanes = written.repeat_interleave(alphabet.pitches)
        self._free = torch.cat([lanes, lanes, lanes.new_ones(1)])  # symbols of what is written, and "no more"
        self.log_prob = torch.zeros(songs, device=written.device)

    def begins(self, step: Tensor) -> Tensor:
        """Return in which songs a given note begins at the steps that they are at, bool, (B,)."""
        return self._next_step(torch.arange(len(step), device=step.device)) == step

    def steps(self, songs: Tensor, logits: Tensor) -> Tensor:
        """Return the logits of when something begins next: no later than the next given note."""
        every = torch.arange(logits.shape[1], device=logits.device)
        due = self._next_step(songs).clamp(max=every[-1]).unsqueeze(1)  # the last one: nothing more
        return self._narrow(songs, logits, (every == due) | (every < due) & self._free[:-1].any())

    def symbols(self, songs: Tensor, step: Tensor, logits: Tensor) -> Tensor:
        """Return the logits of what is said next: what is written, up to the next given note of the step."""
        every = torch.arange(logits.shape[1], device=logits.device)
        given = self._symbol[self._next[songs]].unsqueeze(1)
        is_due = (self._next_step(songs) == step).unsqueeze(1)
        allowed = torch.where(is_due, self._free & (every < given) | (every == given), self._free)
        return self._narrow(songs, logits, allowed)

    def lengths(self, songs: Tensor, step: Tensor, symbol: Tensor, logits: Tensor) -> Tensor:
        """Return the logits of lengths: a given note has its own, and is said with it."""
        note = self._next[songs]
        is_given = (self._next_step(songs) == step) & (self._symbol[note] == symbol)
        every = torch.arange(1, logits.shape[1] + 1, device=logits.device)
        self._next[songs] = note + is_given.long()
        as_given = every == self._length[note].unsqueeze(1)
        return self._narrow(songs, logits, as_given | ~is_given.unsqueeze(1))

    def _next_step(self, songs: Tensor) -> Tensor:
        note = self._next[songs]
        return torch.where(note < self._after[songs], self._step[note], NEVER_AGAIN)

    def _narrow(self, songs: Tensor, logits: Tensor, allowed: Tensor) -> Tensor:
        narrowed = logits.masked_fill(~allowed, -torch.inf)
        self.log_prob[songs] += (narrowed.logsumexp(-1) - logits.logsumexp(-1)).to(self.log_prob)
        return narrowed
