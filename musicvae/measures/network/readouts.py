"""What the decoder says from a state: which note, how long, and when something begins next."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from musicvae.core.training.precision import at_least_single
from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.network.rows import At
from musicvae.measures.rolls.seat_tables import SeatDrawer
from musicvae.measures.rolls.slices import Slices

KEY = 64  # width of the keys by which a state finds steps of its measure


class Readout(nn.Module):
    """Hidden states -> logits, through one hidden layer."""

    def __init__(self, hidden: int, size: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.LayerNorm(hidden), nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, size)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return logits, float32 (or float64, where the weights are), shape (..., size)."""
        return at_least_single(self.layers(x))


class PartReadout(Readout):
    """Hidden states -> logits of symbols whose parts are the same in all songs."""

    def __init__(self, alphabet: Alphabet, hidden: int) -> None:
        super().__init__(hidden, alphabet.size)

    def forward(self, x: Tensor, band: Tensor | None = None) -> Tensor:
        """Return logits, shape (..., symbols)."""
        return super().forward(x)


class SeatReadout(nn.Module):
    """Hidden states -> logits of symbols, given who plays."""

    def __init__(self, alphabet: Alphabet, hidden: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.LayerNorm(hidden), nn.Linear(hidden, hidden), nn.GELU())
        self.draw = SeatDrawer(alphabet, 2, hidden, mostly=0.0)  # planes: held notes and onsets
        self.end = nn.Linear(hidden, 1)

    def forward(self, x: Tensor, band: Tensor) -> Tensor:
        """Return logits, shape (predictions, symbols), given who plays, (predictions, parts)."""
        x = self.layers(x)
        return at_least_single(torch.cat([self.draw(x, band), self.end(x)], dim=-1))


class Asked(NamedTuple):
    """What states ask of the steps of their measures; rows in front."""

    query: Tensor  # (rows, KEY)
    gap: Tensor  # (rows, T) logits of how many steps later something begins next: 1, 2, ...
    none: Tensor  # (rows, 1) the logit of nothing more in the measure


class When(nn.Module):
    """When something begins next: at one of the steps left in the measure, or not in this measure.

    A step is found by what the code says there (its key), by how far off it is, and by what the sketch lets
    expect.

    Parameters
    ----------
    hidden : int
    steps : int
        Steps of the longest measure, T.
    slices : Slices
    width : int
        Numbers that a code says of a slice.
    """

    def __init__(self, hidden: int, steps: int, slices: Slices, width: int) -> None:
        super().__init__()
        self.readout = Readout(hidden, KEY + steps + 1)
        self.position = nn.Embedding(steps, KEY)
        self.slices = slices
        self.of_code = nn.Linear(width, slices.size * KEY)
        self.gap = nn.Embedding(steps, hidden)
        nn.init.normal_(self.position.weight, std=0.3)
        nn.init.normal_(self.gap.weight, std=0.1)

    def keys(self, unrolled: Tensor, given: Tensor, steps: int) -> Tensor:
        """Return the key of each of the first t steps, shape (M, t, KEY).

        Parameters
        ----------
        unrolled : Tensor, shape (M, slices, width)
        given : Tensor of bool, shape (M,)
            Which measures have a code.
        steps : int
        """
        told = self.slices.join(at_least_single(self.of_code(unrolled)), steps)
        return told * given[:, None, None] + self.position.weight[:steps]

    def ask(self, context: Tensor) -> Asked:
        """Return what is asked from states that have heard all that their rows say, (rows, H)."""
        query, gap, none = self.readout(context).split([KEY, self.gap.num_embeddings, 1], dim=-1)
        return Asked(query / math.sqrt(KEY), gap, none)

    def logits(self, asked: Asked, likeness: Tensor, at: At, free: Tensor) -> Tensor:
        """Return the logits of each step of the measure and, last, of nothing more, shape (rows, t + 1).

        Parameters
        ----------
        asked : Asked
        likeness : Tensor, shape (rows, t)
            Of queries and the keys of steps.
        at : At
        free : Tensor, shape (rows,)
            The first step at which not every lane rings on.
        """
        step = torch.arange(likeness.shape[1], device=free.device)
        later = step - at.step.unsqueeze(1)
        of_step = likeness + asked.gap.gather(1, (later - 1).clamp(min=0))
        no = (later < 1) | (later >= at.room.unsqueeze(1)) | (step < free.unsqueeze(1))
        return torch.cat([of_step.masked_fill(no, -torch.inf), asked.none], dim=1)
