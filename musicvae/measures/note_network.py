"""The networks of the note decoder: what it knows of a step, what it remembers, what it may say."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from musicvae.measures.batch import MAX_PLACE, Layout
from musicvae.measures.recurrence import RecurrentBlock
from musicvae.measures.symbols import Alphabet

UNROLLED = 64  # width of a code once it is unrolled over the steps of its measure


class Hints(NamedTuple):
    """Codes of measures, each given or withheld."""

    code: Tensor  # (B * N, Z); ignored where it is not given
    given: Tensor  # (B * N,) bool


class UnrolledCode(nn.Module):
    """Spread a code over the steps of its measure, so that each step finds what concerns it."""

    def __init__(self, latent: int, steps: int, hidden: int) -> None:
        super().__init__()
        self.spread = nn.Linear(latent, steps * UNROLLED)
        self.to_hidden = nn.Linear(UNROLLED, hidden)
        self.absent = nn.Parameter(torch.zeros(hidden))

    def forward(self, hints: Hints, layout: Layout) -> Tensor:
        """Return what each step is told, shape (S * B, H)."""
        per_step = self.spread(hints.code).view(-1, UNROLLED)  # (B * N * T, 64)
        steps = len(per_step) // len(hints.code)
        told = self.to_hidden(per_step[layout.row_measure * steps + layout.row_step])
        return torch.where(hints.given[layout.row_measure].unsqueeze(1), told, self.absent.to(told))


class Readout(nn.Module):
    """Hidden states -> logits, through one hidden layer."""

    def __init__(self, hidden: int, size: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.LayerNorm(hidden), nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, size)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return logits, float32, shape (..., size)."""
        return self.layers(x).float()


class NoteNetwork(nn.Module):
    """What says the notes of songs, step after step.

    Parameters
    ----------
    alphabet : Alphabet
    steps : int
        Steps of the longest measure, T.
    meters : int
        Number of meters told apart.
    latent, hidden, layers : int
        Z, H and the number of recurrent blocks.
    dropout : float
        Within the blocks, in training.
    """

    def __init__(
        self,
        alphabet: Alphabet,
        steps: int,
        meters: int,
        latent: int,
        hidden: int,
        layers: int,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.position = nn.Embedding(steps, hidden)
        self.meter = nn.Embedding(meters, hidden)
        self.place = nn.Embedding(MAX_PLACE + 1, hidden)
        self.left = nn.Embedding(MAX_PLACE + 1, hidden)
        self.code = UnrolledCode(latent, steps, hidden)
        self.symbol = nn.Embedding(alphabet.end, hidden)
        self.length = nn.Embedding(steps + 1, hidden)
        self.ringing = nn.Linear(alphabet.voices, hidden, bias=False)
        self.unheard = nn.Parameter(torch.zeros(hidden))
        self.blocks = nn.ModuleList(RecurrentBlock(hidden, dropout) for _ in range(layers))
        self.say_symbol = Readout(hidden, alphabet.size)
        self.say_length = Readout(hidden, steps)
        for embedding in (self.position, self.meter, self.place, self.left, self.symbol, self.length):
            nn.init.normal_(embedding.weight, std=0.1)

    def conditions(self, layout: Layout, hints: Hints) -> Tensor:
        """Return what is known of each step before any note is heard, shape (S * B, H)."""
        of_measure = self.meter(layout.meter) + self.place(layout.place) + self.left(layout.left)
        return self.position(layout.row_step) + of_measure[layout.row_measure] + self.code(hints, layout)

    def note(self, symbol: Tensor, length: Tensor) -> Tensor:
        """Return the embedding of notes, shape (notes, H)."""
        return self.symbol(symbol) + self.length(length)

    def states(self, x: Tensor, memory: list[Tensor] | None = None) -> tuple[Tensor, list[Tensor]]:
        """Run the recurrence over steps (S, B, H); return its output and the state to go on from."""
        after = []
        for index, block in enumerate(self.blocks):
            x, state = block(x, memory[index] if memory else None)
            after.append(state)
        return x, after

    def mask_lengths(self, logits: Tensor, room: Tensor) -> Tensor:
        """Return length logits without the lengths that reach beyond the barline, `room` steps away."""
        too_long = torch.arange(logits.shape[1], device=logits.device) >= room.unsqueeze(1)
        return logits.masked_fill(too_long, -torch.inf)
