"""What a sketch lets the decoder expect, as odds to which the decoder adds what it has heard.

Cells of a sketch are independent given the code, so what they say of a step, of a length and of when
something begins next is exact. Of notes said low to high, the odds that the next one is s, beside "no more",
are p_s / (1 - p_s) times the product of 1 / (1 - p_q) over all q above s. A note goes on as long as its lane
sounds and is not struck again. Nothing begins at a step with the product of 1 - p_s over all s. The decoder's
own logits are added: it begins with what the sketch says, and learns to correct it.

They are worked out at the steps that are asked for, since few steps of a measure ever are.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from musicvae.midi.songs.pianoroll import ONSET, SUSTAIN

SURE = 12.0  # the largest logit that a sketch is believed
NONE = -4 * SURE  # the logit of what it cannot say
FAINTEST = -1e-5  # the log-chance of nothing, at most: that of something has to be a number


class Odds(NamedTuple):
    """What the sketches of M measures of at most t steps let expect."""

    onset: Tensor  # (M, t, lanes) the logit of cells in which a note begins
    sounds: Tensor  # (M, t, lanes) and of those in which one sounds
    when: Tensor  # (M, t + 1) log-chance that something begins there and not before, or nowhere
    trust: Tensor  # (M,) by how much each sketch counts

    def of_when(self, measure: Tensor) -> Tensor:
        """Return the log-odds of when something begins next, shape (rows, t + 1): at a step, or at none.

        They are those of all steps after any one, beside each other.
        """
        return self.when[measure] * self.trust[measure].unsqueeze(1)

    def of_symbols(self, measure: Tensor, step: Tensor) -> Tensor:
        """Return the log-odds of what is said next at steps of measures, shape (rows, symbols)."""
        onset, at_barline = self.onset[measure, step], (step == 0).nonzero().squeeze(1)
        of_onset, all_off = _beside_no_more(onset)
        goes_on, stops = _go_on(onset[at_barline], self.sounds[measure[at_barline], 0])
        # A note is held only across the barline. "No more" after it means no onset either.
        of_held = _beside_no_more(goes_on - stops).odds + all_off[at_barline]
        held = torch.full_like(onset, NONE).index_put((at_barline,), of_held)
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
        steps = self.onset.shape[1]
        length = torch.arange(1, steps + 1, device=step.device)
        end = (step.unsqueeze(1) + length).clamp(max=steps - 1)
        cell = (measure.unsqueeze(1), end, lane.unsqueeze(1))
        goes_on, stops = _go_on(self.onset[cell], self.sounds[cell])
        inside = length < room.unsqueeze(1)
        so_far = (goes_on * inside).cumsum(1)
        sounds = functional.pad(so_far[:, :-1], (1, 0))
        return (sounds + stops * inside) * self.trust[measure].unsqueeze(1)


def find_odds(logits: Tensor, trust: Tensor, steps: Tensor) -> Odds:
    """Return what sketches let expect.

    Parameters
    ----------
    logits : Tensor, shape (M, t, 2, lanes)
    trust : Tensor, shape (M,)
        By how much each sketch counts: not at all at 0.
    steps : Tensor, shape (M,)
        Of each measure.
    """
    logits = logits.clamp(-SURE, SURE)
    onset, sounds = logits[:, :, ONSET], logits[:, :, SUSTAIN]
    nothing = -functional.softplus(onset).sum(-1)  # (M, t)
    nothing = nothing * (torch.arange(nothing.shape[1], device=steps.device) < steps.unsqueeze(1))
    until = functional.pad(nothing.cumsum(1), (1, 0))
    begins = functional.pad(_log_not(nothing), (0, 1))
    return Odds(onset, sounds, until + begins, trust)


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
