"""Codes over the slices of their measures, from which rows of the decoder and the sketch are told."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.rolls.slices import SLICE_WIDTH, Slices

LEVELS = 4  # waves by which the freedom of a measure is told


def unroll(spread: nn.Linear, code: Tensor, slices: int) -> Tensor:
    """Return codes (M, Z) over the first slices of their measures, linearly: (M, slices, SLICE_WIDTH)."""
    width = slices * SLICE_WIDTH
    flat = functional.linear(code, spread.weight[:width], spread.bias[:width])
    return flat.view(len(code), slices, SLICE_WIDTH)


class UnrolledCode(nn.Module):
    """Spread a code over the slices of its measure, so that each row finds what concerns it.

    Parameters
    ----------
    latent : int
        Numbers in a code; of bands in that of each seat, which are spread one by one.
    slices : Slices
    hidden : int
    seats : int
        One where measures have one code.
    """

    def __init__(self, latent: int, slices: Slices, hidden: int, seats: int = 1) -> None:
        super().__init__()
        self.slices = slices
        self.seats = seats
        self.spread = nn.Linear(latent, slices.most * SLICE_WIDTH)
        self.to_hidden = nn.Linear(self.width, slices.size * hidden)
        self.freedom = nn.Linear(LEVELS, hidden, bias=False)
        self.absent = nn.Parameter(torch.zeros(hidden))

    @property
    def width(self) -> int:
        """Numbers that a slice is told."""
        return self.seats * SLICE_WIDTH

    def unroll(self, code: Tensor, steps: int, vacant: Tensor) -> Tensor:
        """Return codes over the slices of t steps of their measures, (M, slices, width).

        Parameters
        ----------
        code : Tensor, shape (M, seats * Z)
        steps : int
        vacant : Tensor of bool, shape (M, seats)
            Of which nothing is told; (M, 0) where measures have one code.
        """
        by_seat = code.unflatten(1, (self.seats, -1)).flatten(0, 1)
        unrolled = unroll(self.spread, by_seat, self.slices.count(steps)).unflatten(0, (-1, self.seats))
        if vacant.shape[1]:
            unrolled = unrolled.masked_fill(vacant[:, :, None, None], 0)
        return unrolled.transpose(1, 2).flatten(2)

    def forward(self, unrolled: Tensor, measure: Tensor, step: Tensor) -> Tensor:
        """Return what codes that are unrolled tell rows at steps of measures, (rows, H)."""
        size = self.slices.size
        of_slice: Tensor = self.to_hidden(unrolled[measure, step // size])
        row = torch.arange(len(of_slice), device=of_slice.device)
        return of_slice.unflatten(1, (size, -1))[row, step % size]

    def level(self, noisy: NoisyCodes) -> Tensor:
        """Return how free each measure is, (M, H): nothing at 0, and at 1 that there is no code."""
        wave = torch.arange(1, LEVELS + 1, device=noisy.freedom.device) * (torch.pi / 2)
        level: Tensor = self.freedom(torch.sin(noisy.freedom.unsqueeze(1) * wave))
        return torch.where(noisy.given.unsqueeze(1), level, self.absent.to(level))
