"""What a sketch lets the decoder expect, as odds to which the decoder adds what it has heard.

Cells of a sketch are independent given the code, so what they say of a step, of a length and of when
something begins next is exact. Of notes said low to high, the odds that the next one is s, beside "no more",
are p_s / (1 - p_s) times the product of 1 / (1 - p_q) over all q above s. A note goes on as long as its lane
sounds and is not struck again. Nothing begins at a step with the product of 1 - p_s over all s. The decoder's
own logits are added: it begins with what the sketch says, and learns to correct it.

Where a slice has several steps, p_s at one of them is the chance of the slice times that of the place, which
all notes of a part have in common. Within a measure there is a row only where something begins, and p_s is
divided by the chance of that.

They are worked out at the steps that are asked for, since few steps of a measure ever are.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from musicvae.measures.rolls.drawing import BEGINS, LASTS
from musicvae.measures.rolls.sketch import Sketched
from musicvae.measures.rolls.slices import cut_steps, repeat_slices
from musicvae.midi.songs.pianoroll import ONSET, SUSTAIN

SUREST = 12.0  # the largest logit that a sketch is believed
UNSAYABLE = -4 * SUREST  # the logit of what it cannot say
FAINTEST = -1e-5  # the log-chance of nothing, at most: that of something has to be a number


class Odds(NamedTuple):
    """What the sketches of M measures of at most t steps let expect."""

    sketched: Sketched  # none of its logits larger than a sketch is believed
    when: Tensor  # (M, t + 1) log-chance that something begins there and not before, or nowhere
    begins: Tensor  # (M, t) log-chance that something begins at a step
    trust: Tensor  # (M,) by how much each sketch counts

    def of_when(self, measure: Tensor) -> Tensor:
        """Return the log-odds of when something begins next, shape (rows, t + 1): at a step, or at none.

        They are those of all steps after any one, beside each other.
        """
        return self.when[measure] * self.trust[measure].unsqueeze(1)

    def of_symbols(self, measure: Tensor, step: Tensor) -> Tensor:
        """Return the log-odds of what is said next at steps of measures, shape (rows, symbols)."""
        at_barline = (step == 0).nonzero().squeeze(1)
        of_onset, all_off = _beside_no_more(self._onset(measure, step))
        goes_on, stops = _go_on(*self.sketched.cells[measure[at_barline], 0].unbind(1))
        # A note is held only across the barline. "No more" after it means no onset either.
        of_held = _beside_no_more(goes_on - stops).odds + all_off[at_barline]
        held = torch.full_like(of_onset, UNSAYABLE).index_put((at_barline,), of_held)
        both = torch.cat([held, of_onset, torch.zeros_like(all_off)], dim=-1)
        return both * self.trust[measure].unsqueeze(1)

    def of_lengths(self, measure: Tensor, step: Tensor, lane: Tensor, room: Tensor) -> Tensor:
        """Return log-chances of the lengths 1 to t of notes.

        Parameters
        ----------
        measure, step, lane : Tensor of int, shape (notes,)
            Where each note begins.
        room : Tensor of int, shape (notes,)
            Steps to the barline, where every note stops.

        Returns
        -------
        Tensor, shape (notes, t)
        """
        cells, _, size = self.sketched
        first, after = step // size, -(-(step + room) // size)
        number = torch.arange(cells.shape[1], device=step.device)
        goes_on, stops = _go_on(cells[measure, :, ONSET, lane], cells[measure, :, SUSTAIN, lane])
        follows = (number > first.unsqueeze(1)) & (number < after.unsqueeze(1))
        so_far = (goes_on * follows).cumsum(1)
        stops_next = functional.pad((stops * follows)[:, 1:], (0, 1))
        last = step.unsqueeze(1) + torch.arange(self.begins.shape[1], device=step.device)
        in_slice = (last // size).clamp(max=len(number) - 1)
        of_slice = (so_far + stops_next).gather(1, in_slice)
        return (of_slice + self._of_last(measure, lane, last)) * self.trust[measure].unsqueeze(1)

    def _onset(self, measure: Tensor, step: Tensor) -> Tensor:
        """Return the logits of the lanes in which a note begins, where something does, (rows, lanes)."""
        cells, places, size = self.sketched
        onset = cells[measure, step // size, ONSET]
        if places is None:
            return onset
        # At a barline there is a row whether anything begins or not.
        here = places[measure, step, BEGINS]
        known = torch.where(step > 0, self.begins[measure, step], 0).unsqueeze(1)
        of_part = functional.logsigmoid(here) - known
        log_chance = functional.logsigmoid(onset).unflatten(1, (here.shape[1], -1)) + of_part.unsqueeze(2)
        log_chance = log_chance.flatten(1).clamp(max=FAINTEST)
        return (log_chance - _log_not(log_chance)).clamp(-SUREST, SUREST)

    def _of_last(self, measure: Tensor, lane: Tensor, last: Tensor) -> Tensor | int:
        """Return the log-chance of each step from a note's first one on to be its last, given its slice.

        Shape (notes, t), as are those steps.
        """
        _, places, size = self.sketched
        if places is None:
            return 0
        steps, parts = places.shape[1], places.shape[3]
        part = lane // (self.sketched.cells.shape[3] // parts)
        of_part = functional.logsigmoid(places[measure, :, LASTS, part])  # (notes, t)
        of_part = of_part.masked_fill(torch.arange(steps, device=last.device) < last[:, :1], UNSAYABLE)
        by_slice = cut_steps(of_part, size, after=UNSAYABLE)
        given = (by_slice - by_slice.logsumexp(2, keepdim=True)).flatten(1)
        return given.gather(1, last.clamp(max=given.shape[1] - 1))


def find_odds(sketched: Sketched, trust: Tensor, steps: Tensor) -> Odds:
    """Return what sketches let expect.

    Parameters
    ----------
    sketched : Sketched
        Of M measures.
    trust : Tensor, shape (M,)
        By how much each sketch counts: not at all at 0.
    steps : Tensor, shape (M,)
        Of each measure.
    """
    cells, places, size = sketched
    cells = cells.clamp(-SUREST, SUREST)
    places = None if places is None else places.clamp(-SUREST, SUREST)
    sketched = Sketched(cells, places, size)
    nothing = _nothing(sketched)
    nothing = nothing * (torch.arange(nothing.shape[1], device=steps.device) < steps.unsqueeze(1))
    until, begins = functional.pad(nothing.cumsum(1), (1, 0)), _log_not(nothing)
    return Odds(sketched, until + functional.pad(begins, (0, 1)), begins, trust)


def _nothing(sketched: Sketched) -> Tensor:
    """Return the log-chance that nothing begins at a step, (M, t)."""
    cells, places, size = sketched
    off = -functional.softplus(cells[:, :, ONSET])
    if places is None:
        return off.sum(-1)
    by_part = repeat_slices(off.unflatten(-1, (places.shape[3], -1)).sum(-1), size, places.shape[1])
    of_slice = _log_not(by_part)  # that a part begins something in the slice
    return _log_not(of_slice + functional.logsigmoid(places[:, :, BEGINS])).sum(-1)


class _BesideNoMore(NamedTuple):
    """The log-odds of symbols beside "no more", (..., s), and of the latter the log-chance, (..., 1)."""

    odds: Tensor
    all_off: Tensor


def _go_on(onset: Tensor, sounds: Tensor) -> tuple[Tensor, Tensor]:
    """Return the log-chances that what sounds in cells goes on there, and that it does not."""
    goes_on = functional.logsigmoid(sounds) + functional.logsigmoid(-onset)
    return goes_on, _log_not(goes_on)


def _log_not(log_chance: Tensor) -> Tensor:
    """Return the log-chance of the opposite."""
    return torch.log(-torch.expm1(log_chance.clamp(max=FAINTEST)))


def _beside_no_more(logit: Tensor) -> _BesideNoMore:
    """Return log (p_s / (1 - p_s)) - sum over q above s of log (1 - p_q), s in the last dimension."""
    off = functional.softplus(logit)  # -log (1 - p)
    every = off.sum(-1, keepdim=True)
    return _BesideNoMore(logit + every - off.cumsum(-1), every)
