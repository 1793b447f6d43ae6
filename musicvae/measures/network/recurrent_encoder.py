"""The encoder of models made before there was a sketch: by convolution over time and recurrence both ways."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.network.recurrence import MinGRU
from musicvae.measures.rolls.drawing import draw_rolls, inside
from musicvae.midi.songs.pianoroll import PLANES


class RecurrentEncoder(nn.Module):
    """Read measures into features, each alone. Arguments are those of `measures.rolls.encoder`'s."""

    def __init__(self, alphabet: Alphabet, steps: int, hidden: int, features: int) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.steps = steps
        self.read = nn.Linear(PLANES * alphabet.lanes, hidden)
        self.position = nn.Parameter(torch.randn(steps, hidden) * 0.02)
        self.convolutions = nn.ModuleList(nn.Conv1d(hidden, hidden, 3, padding=1) for _ in range(2))
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in range(2))
        self.forwards = MinGRU(hidden, memory=16)
        self.backwards = MinGRU(hidden, memory=16)
        self.norm = nn.LayerNorm(2 * hidden)
        self.narrow = nn.Linear(2 * hidden, 64)
        self.gather = nn.Linear(64 * steps, features)
        self.norm_out = nn.LayerNorm(features)
        # Few cells of a roll are on: weights drawn for dense input would make a whisper of them.
        nn.init.normal_(self.read.weight, std=0.3)

    def forward(self, batch: MeasureBatch) -> Tensor:
        """Return features of each measure, shape (B * N, F)."""
        rolls = draw_rolls(batch, self.alphabet, self.steps)
        mask = inside(batch.layout, self.steps).unsqueeze(-1)  # (B * N, T, 1)
        x = self.read(rolls) + self.position
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = x + nn.functional.gelu(convolution((norm(x) * mask).transpose(1, 2)).transpose(1, 2))
        by_time, mask_by_time = x.transpose(0, 1), mask.transpose(0, 1)
        both = torch.cat(
            [
                self.forwards(by_time, mask=mask_by_time),
                self.backwards(by_time.flip(0), mask=mask_by_time.flip(0)).flip(0),
            ],
            dim=-1,
        ).transpose(0, 1)  # (B * N, T, 2H)
        narrow = self.narrow(self.norm(both)) * mask
        return self.norm_out(self.gather(narrow.flatten(1)))
