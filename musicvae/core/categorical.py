"""Draw from categorical distributions, given as logits: one index a row."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

import torch
from torch import Tensor


class Chooser(Protocol):
    """What says which index is taken, given how likely each is: by chance, as `Draw`, or as is known."""

    def of(self, rows: Tensor) -> Chooser:
        """Return what chooses for some of the rows."""

    def pick(self, logits: Tensor) -> Tensor:
        """Return one index for each row of logits; what cannot be has -inf."""


def require_temperature(temperature: float) -> None:
    """Check a temperature.

    Raises
    ------
    ValueError
        If it is negative, or no number, or without end.
    """
    if not 0 <= temperature < math.inf:
        raise ValueError(f"the temperature cannot be negative, and must be a number, got {temperature}")


class Draw(NamedTuple):
    """How indexes are drawn.

    Parameters
    ----------
    temperature : float, or Tensor of shape (rows,)
        1 draws from the model's own distribution, less plays safer, 0 takes the likeliest.
    generator : torch.Generator, optional
    """

    temperature: float | Tensor = 1.0
    generator: torch.Generator | None = None

    @property
    def is_greedy(self) -> bool:
        """Whether nothing is left to chance."""
        return not torch.as_tensor(self.temperature).any()

    def of(self, rows: Tensor) -> Draw:
        """Return how it is drawn for some of the rows."""
        if isinstance(self.temperature, Tensor):
            return self._replace(temperature=self.temperature[rows])
        return self

    def pick(self, logits: Tensor) -> Tensor:
        """Return one index for each row of logits (the Gumbel-max trick: Maddison et al. 2014)."""
        if self.is_greedy:
            return logits.argmax(-1)
        source = logits.device if self.generator is None else self.generator.device
        gumbel = draw_gumbel(logits.shape, self.generator, source).to(logits.device)
        temperature = torch.as_tensor(self.temperature, device=logits.device)
        return (logits + temperature.unsqueeze(-1) * gumbel).argmax(-1)


def draw_gumbel(
    shape: torch.Size, generator: torch.Generator | None = None, device: torch.device | str = "cpu"
) -> Tensor:
    """Return Gumbel variables of a generator on that device: whose sum with logits is largest is drawn."""
    waits = torch.empty(shape, device=device).exponential_(generator=generator)
    return -waits.clamp_(min=EARLIEST).log_()


GREEDY = Draw(temperature=0)
COLDEST = 1e-3  # the temperature from which on draws are as good as the likeliest
EARLIEST = torch.finfo(torch.float32).tiny  # a wait of 0 has no logarithm
