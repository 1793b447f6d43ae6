"""What a sketch lets the decoder expect, as odds to which the decoder adds what it has heard.

Cells of a sketch are independent given the code, so what they say of a step and of a length is exact. Of
notes said low to high, the odds that the next one is s, beside "no more", are p_s / (1 - p_s) times the
product of 1 / (1 - p_q) over all q above s. A note goes on as long as its lane sounds and is not struck
again. The decoder's own logits are added: it begins with what the sketch says, and learns to correct it.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from musicvae.midi.songs.pianoroll import ONSET, SUSTAIN

SURE = 12.0  # the largest logit that a sketch is believed
NONE = -4 * SURE  # the logit of what it cannot say


class Odds(NamedTuple):
    """What the sketches of M measures of at most t steps let expect."""

    next_symbol: Tensor  # (M, t, symbols) log-odds of what is said next, beside "no more"
    onset: Tensor  # (M, t, lanes) the logit of cells in which a note begins
    sounds: Tensor  # (M, t, lanes) and of those in which one sounds
    trust: Tensor  # (M,) by how much each sketch counts

    def of_symbols(self, measure: Tensor, step: Tensor) -> Tensor:
        """Return the log-odds of what is said next at steps of measures, shape (rows, symbols)."""
        return self.next_symbol[measure, step]

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
        end = step.unsqueeze(1) + torch.arange(1, steps + 1, device=step.device)
        at = end.clamp(max=steps)
        goes_on, stops = _go_on(self.onset[measure, :, lane], self.sounds[measure, :, lane])
        so_far = goes_on.cumsum(1)
        sounds = so_far.gather(1, at - 1) - so_far.gather(1, step.unsqueeze(1))
        stops = (
            functional.pad(stops, (0, 1)).gather(1, at).masked_fill(end >= (step + room).unsqueeze(1), 0.0)
        )
        return (sounds + stops) * self.trust[measure].unsqueeze(1)


def find_odds(logits: Tensor, trust: Tensor) -> Odds:
    """Return what sketches let expect.

    Parameters
    ----------
    logits : Tensor, shape (M, t, 2, lanes)
    trust : Tensor, shape (M,)
        By how much each sketch counts: not at all at 0.
    """
    logits = logits.clamp(-SURE, SURE)
    onset, sounds = logits[:, :, ONSET], logits[:, :, SUSTAIN]
    goes_on, stops = _go_on(onset[:, 0], sounds[:, 0])
    next_symbol = functional.pad(_of_symbols(onset, goes_on - stops), (0, 1)) * trust[:, None, None]
    return Odds(next_symbol, onset, sounds, trust)


def _go_on(onset: Tensor, sounds: Tensor) -> tuple[Tensor, Tensor]:
    """Return the log-chances that what sounds in cells goes on there, and that it does not."""
    goes_on = functional.logsigmoid(sounds) + functional.logsigmoid(-onset)
    return goes_on, torch.log(-torch.expm1(goes_on.clamp(max=-1e-5)))


def _of_symbols(onset: Tensor, held: Tensor) -> Tensor:
    """Return the log-odds of each note, (M, t, 2 * lanes), given the logits of onsets and of held notes.

    A note is held, (M, lanes), only across the barline.
    """
    of_onset = _beside_no_more(onset)
    # "No more" after a held note means no onset either.
    of_held = _beside_no_more(held) + functional.softplus(onset[:, 0]).sum(-1, keepdim=True)
    later = torch.full_like(onset[:, 1:], NONE)
    return torch.cat([torch.cat([of_held.unsqueeze(1), later], dim=1), of_onset], dim=-1)


def _beside_no_more(logit: Tensor) -> Tensor:
    """Return log (p_s / (1 - p_s)) - sum over q above s of log (1 - p_q), s in the last dimension."""
    off = functional.softplus(logit)  # -log (1 - p)
    return logit + off.sum(-1, keepdim=True) - off.cumsum(-1)
