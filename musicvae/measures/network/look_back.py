"""Looking back: what was said earlier where things stood as they stand now.

A recurrence keeps the drift of a song in a state of fixed size and forgets its notes; tunes repeat them.
Here every row may look at the rows before it: the query and the keys are states of the recurrence,
which tell what led up to a row, and the values are the notes that were said there (a "neural cache":
Grave et al. 2017). So a head that has found the place where the same thing went before knows what to
say next. Each head has a bias for every distance in measures, and one for the same step of the measure:
"what was here eight measures ago" needs no learning of contents.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

HEADS = 4
ALWAYS = 1 << 40  # the measure of what is never out of sight
NEVER = -ALWAYS  # the measure of what is never in sight
UNSEEN = -1e4  # the likeness of what is out of sight


class Spots(NamedTuple):
    """Where some rows lie in their songs; each field has shape (R, B)."""

    measure: Tensor  # measures since the reading of the song began; NEVER: there is no such row
    step: Tensor  # steps since the barline


class Past(NamedTuple):
    """What there is to look back at, K rows of B windows."""

    key: Tensor  # (B, heads, K, d)
    value: Tensor  # (B, heads, K, d)
    measure: Tensor  # (B, K) as in `Spots`


def sight(spots: Spots, past: Tensor, reach: int) -> Tensor:
    """Return which rows of the past each row sees, bool, shape (B, R, K).

    Parameters
    ----------
    spots : Spots
    past : Tensor, shape (B, K)
        The measure of each row of the past; (1, K) where all windows have one past.
    reach : int
    """
    return past.unsqueeze(1) > spots.measure.T.unsqueeze(-1) - reach


def sight_as_read(spots: Spots, past: Tensor, reach: int) -> Tensor:
    """Return what `sight` does where the last of the past are the rows themselves: each sees those before."""
    count, known = len(spots.measure), past.shape[1]
    after = torch.ones(count, known, dtype=torch.bool, device=past.device).triu(known - count)
    return sight(spots, past, reach) & ~after


def join(past: Past, more: Past) -> Past:
    """Return the rows of one past and then those of another."""
    return Past(
        torch.cat([past.key.to(more.key), more.key], dim=2),
        torch.cat([past.value.to(more.value), more.value], dim=2),
        torch.cat([past.measure, more.measure], dim=1),
    )


def lengthen(past: Past, rows: int) -> Past:
    """Return a copy with so many more rows at its end, which nobody sees until they are filled."""
    return Past(
        nn.functional.pad(past.key, (0, 0, 0, rows)),
        nn.functional.pad(past.value, (0, 0, 0, rows)),
        nn.functional.pad(past.measure, (0, rows), value=NEVER),
    )


class LookBack(nn.Module):
    """Attention over the rows before, residual.

    Parameters
    ----------
    hidden : int
        H, a multiple of the number of heads.
    steps : int
        Steps of the longest measure, T.
    reach : int
        How many measures back a row sees, its own counted; rows further back are out of sight.
    """

    def __init__(self, hidden: int, steps: int, reach: int) -> None:
        super().__init__()
        self.reach = reach
        self.steps = steps
        self.width = hidden // HEADS
        self.norm = nn.LayerNorm(hidden)
        self.to_query = nn.Linear(hidden, hidden)
        self.to_key = nn.Linear(hidden, hidden)
        self.to_value = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, hidden)
        self.by_distance = nn.Parameter(torch.zeros(HEADS, reach))
        self.by_step = nn.Parameter(torch.ones(HEADS, 1))  # by the step of the measure
        self.nothing = nn.Parameter(torch.zeros(HEADS, self.width))
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def remember(self, x: Tensor, said: Tensor, spots: Spots) -> Past:
        """Return what later rows will find at these: of states and of what was said there, (R, B, H)."""
        where = self.where(spots).to(x).unsqueeze(1).expand(-1, HEADS, -1, -1)
        return Past(torch.cat([self.key(x), where], dim=-1), self.value(said), spots.measure.T)

    def key(self, x: Tensor) -> Tensor:
        """Return the half of the keys that is made of states (R, B, H), shape (B, heads, R, d)."""
        return self._split(self.to_key(self.norm(x)))

    def where(self, spots: Spots) -> Tensor:
        """Return the half of the keys that says where they lie, shape (B, R, reach + T)."""
        of_measure = nn.functional.one_hot(spots.measure % self.reach, self.reach)
        of_step = nn.functional.one_hot(spots.step, self.steps)
        return torch.cat([of_measure, of_step], dim=-1).transpose(0, 1)

    def value(self, said: Tensor) -> Tensor:
        """Return the values of what was said (R, B, H), shape (B, heads, R, d)."""
        return self._split(self.to_value(said))

    def blank(self, windows: int) -> Past:
        """Return a past with nothing in it but the choice to find nothing."""
        key = nn.functional.pad(self.nothing, (0, self.reach + self.steps))
        key = key.expand(windows, 1, -1, -1).transpose(1, 2)
        value = self.nothing.new_zeros(windows, HEADS, 1, self.width)
        return Past(key, value, torch.full((windows, 1), ALWAYS, device=key.device))

    def forward(self, x: Tensor, wanted: Tensor, past: Past, seen: Tensor | None) -> Tensor:
        """Return x with what was found.

        Parameters
        ----------
        x : Tensor, shape (R, B, H)
        wanted : Tensor
            Where the keys lie that its rows want (`wanted`).
        past : Past
        seen : Tensor of bool, shape (B, R, K), or None
            Which rows of the past each row may see (`sight`); None: all.
        """
        query = torch.cat([self._split(self.to_query(self.norm(x))), wanted.to(x)], dim=-1)
        # Written out: torch's fused attention took 2.4 times as long for heads of this size on a CPU.
        likeness = query @ past.key.to(query).transpose(2, 3) / math.sqrt(self.width)
        if seen is not None:
            likeness = likeness.masked_fill(~seen.unsqueeze(1), UNSEEN)
        found = likeness.softmax(-1).to(query) @ past.value.to(query)
        return x + self.out(found.permute(2, 0, 1, 3).flatten(2))

    def among(self, x: Tensor, spots: Spots, past: Past, own: Past) -> Tensor:
        """Return what `forward` does for many ways to go on from one past, without copying it for each.

        Parameters
        ----------
        x : Tensor, shape (R, B, H)
        spots : Spots
        past : Past
            Of one window.
        own : Past
            The rows themselves, of B windows: each sees those before it.
        """
        query = torch.cat([self._split(self.to_query(self.norm(x))), self.wanted(spots).to(x)], dim=-1)
        together = query.transpose(0, 1).flatten(1, 2)  # (heads, B * R, d): one product with the past
        likeness = together @ past.key[0].to(query).transpose(1, 2)
        likeness = likeness.view(HEADS, len(query), -1, likeness.shape[-1]).transpose(0, 1)
        likeness = likeness.masked_fill(~sight(spots, past.measure, self.reach).unsqueeze(1), UNSEEN)
        unseen = ~sight_as_read(spots, own.measure, self.reach).unsqueeze(1)
        of_own = (query @ own.key.to(query).transpose(2, 3)).masked_fill(unseen, UNSEEN)
        share = (torch.cat([likeness, of_own], dim=-1) / math.sqrt(self.width)).softmax(-1).to(query)
        of_past, of_own = share.split([likeness.shape[-1], of_own.shape[-1]], dim=-1)
        found = of_past.transpose(0, 1).flatten(1, 2) @ past.value[0].to(query)
        found = found.view(HEADS, len(query), -1, self.width).transpose(0, 1)
        found = found + of_own @ own.value.to(query)
        return x + self.out(found.permute(2, 0, 1, 3).flatten(2))

    def wanted(self, spots: Spots) -> Tensor:
        """Return the biases for distance and step, as queries for the halves that say where keys lie.

        Returns
        -------
        Tensor, shape (B, heads, R, reach + T)
        """
        slot = torch.arange(self.reach, device=spots.measure.device)
        by_distance = self.by_distance[:, (slot.unsqueeze(1) - slot) % self.reach]  # (heads, measure, slot)
        of_measure = nn.functional.one_hot(spots.measure.T % self.reach, self.reach).to(by_distance)
        of_step = nn.functional.one_hot(spots.step.T, self.steps).to(by_distance)  # (B, R, T)
        wanted = [of_measure.unsqueeze(1) @ by_distance, of_step.unsqueeze(1) * self.by_step.view(-1, 1, 1)]
        return math.sqrt(self.width) * torch.cat(wanted, dim=-1)

    def _split(self, x: Tensor) -> Tensor:
        """(R, B, H) -> (B, heads, R, d)."""
        return x.view(*x.shape[:2], HEADS, self.width).permute(1, 2, 0, 3)
