"""The networks of the note decoder: what it knows of a step, what it remembers, what it may say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from musicvae.core.training.precision import at_least_single
from musicvae.measures.data.batch import MAX_PLACE, Layout
from musicvae.measures.data.config import KEYS, MeasureVAEConfig
from musicvae.measures.network.look_back import NEVER, LookBack, Past, Steps, join, sight_as_read
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.noisy_codes import NoisyCodes
from musicvae.measures.network.recurrence import RecurrentBlock

UNROLLED = 64  # width of a code once it is unrolled over the steps of its measure
LEVELS = 4  # waves by which the freedom of a measure is told


class UnrolledCode(nn.Module):
    """Spread a code over the steps of its measure, so that each step finds what concerns it."""

    def __init__(self, latent: int, steps: int, hidden: int) -> None:
        super().__init__()
        self.spread = nn.Linear(latent, steps * UNROLLED)
        self.to_hidden = nn.Linear(UNROLLED, hidden)
        self.freedom = nn.Linear(LEVELS, hidden, bias=False)
        self.absent = nn.Parameter(torch.zeros(hidden))

    def forward(self, noisy: NoisyCodes, layout: Layout) -> Tensor:
        """Return what each step is told, shape (S * B, H)."""
        per_step = self.spread(noisy.code).view(-1, UNROLLED)  # (B * N * T, 64)
        steps = len(per_step) // len(noisy.code)
        told = self.to_hidden(per_step[layout.row_measure * steps + layout.row_step])
        told = told + self._level(noisy.freedom).to(told)[layout.row_measure]
        return torch.where(noisy.given[layout.row_measure].unsqueeze(1), told, self.absent.to(told))

    def _level(self, freedom: Tensor) -> Tensor:
        """Return how free each measure is, (B * N, H): nothing at 0."""
        wave = torch.arange(1, LEVELS + 1, device=freedom.device) * (torch.pi / 2)
        return self.freedom(torch.sin(freedom.unsqueeze(1) * wave))


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


class Reading(NamedTuple):
    """What came of reading some steps."""

    states: Tensor  # (S, B, H)
    recurrent: tuple[Tensor, ...]  # of each block, after the last step, (B, H)
    pasts: tuple[Past, ...]  # with these steps; none where many ways have one past


class NoteNetwork(nn.Module):
    """What says the notes of songs, step after step.

    Parameters
    ----------
    config : MeasureVAEConfig
    """

    def __init__(self, config: MeasureVAEConfig) -> None:
        super().__init__()
        hidden, steps = config.hidden, config.steps
        self.alphabet = config.alphabet
        self.reach = config.reach
        self.position = nn.Embedding(steps, hidden)
        self.meter = nn.Embedding(len(config.meters) + 1, hidden)
        self.place = nn.Embedding(MAX_PLACE + 1, hidden)
        self.left = nn.Embedding(MAX_PLACE + 1, hidden)
        self.key = nn.Embedding(KEYS + 1, hidden)
        self.style = nn.Embedding(len(config.styles) + 1, hidden)
        self.code = UnrolledCode(config.latent, steps, hidden)
        self.symbol = nn.Embedding(self.alphabet.end, hidden)
        self.length = nn.Embedding(steps + 1, hidden)
        self.ringing = nn.Linear(self.alphabet.voices, hidden, bias=False)
        self.unheard = nn.Parameter(torch.zeros(hidden))
        self.blocks = nn.ModuleList(RecurrentBlock(hidden, config.dropout) for _ in range(config.layers))
        # Every other block looks back, the last one among them.
        self.looks = nn.ModuleDict(
            {
                str(index): LookBack(hidden, steps, config.reach)
                for index in range(config.layers - 1, -1, -2)
                if config.reach
            }
        )
        self.say_symbol = Readout(hidden, self.alphabet.size)
        self.say_length = Readout(hidden, steps)
        for embedding in (self.position, self.meter, self.place, self.left, self.symbol, self.length):
            nn.init.normal_(embedding.weight, std=0.1)
        for embedding in (self.key, self.style):
            nn.init.zeros_(embedding.weight)

    def conditions(self, layout: Layout, noisy: NoisyCodes) -> Tensor:
        """Return what is known of each step before any note is heard, shape (S * B, H)."""
        of_measure = self.meter(layout.meter) + self.place(layout.place) + self.left(layout.left)
        of_measure = of_measure + self.key(layout.key) + self.style(layout.style)
        return self.position(layout.row_step) + of_measure[layout.row_measure] + self.code(noisy, layout)

    def note(self, symbol: Tensor, length: Tensor) -> Tensor:
        """Return the embedding of notes, shape (notes, H)."""
        return self.symbol(symbol) + self.length(length)

    def blank(self, windows: int) -> Memory:
        """Return the memory of songs not yet begun."""
        nothing = self.unheard.new_zeros(windows, len(self.unheard))
        return Memory(
            recurrent=(nothing,) * len(self.blocks),
            pasts=tuple(look.blank(windows) for look in self.all_looks()),
            heard=nothing,
            ringing=torch.zeros(windows, self.alphabet.voices, dtype=torch.bool, device=nothing.device),
            measures=torch.zeros(windows, dtype=torch.long, device=nothing.device),
        )

    def states(
        self,
        x: Tensor,
        said: Tensor,
        steps: Steps,
        recurrent: Sequence[Tensor],
        pasts: Sequence[Past],
        exists: Tensor | None = None,
    ) -> Reading:
        """Run recurrence and looking back over steps of which it is known what they say.

        Parameters
        ----------
        x : Tensor, shape (S, B, H)
        said : Tensor, shape (S, B, H)
            What is said at each step, for the steps after it to look back at.
        steps : Steps
            Where they lie.
        recurrent, pasts
            As in `Memory`, from before the first step: of B songs, or of one that has B ways to go on,
            which all have the same steps.
        exists : Tensor of bool, shape (S, B, 1), optional
            Steps that leave no trace where it is false.
        """
        after: list[Tensor] = []
        longer: list[Past] = []
        before = iter(pasts)
        for index, (block, start) in enumerate(zip(self.blocks, recurrent, strict=True)):
            x, state = block(x, start, exists)
            after.append(state)
            if (look := self.look_after(index)) is None:
                continue
            past, own = next(before), look.remember(x, said, steps)
            if len(past.measure) < x.shape[1]:
                x = look.among(x, steps, past, own)
            else:
                longer.append(join(past, own))
                x = look(x, steps, longer[-1], sight_as_read(steps, longer[-1].measure, self.reach))
        return Reading(x, tuple(after), tuple(longer))

    def look_after(self, block: int) -> LookBack | None:
        """Return the part that looks back after a block, if one does."""
        return cast(LookBack, self.looks[str(block)]) if str(block) in self.looks else None

    def all_looks(self) -> Sequence[LookBack]:
        """Return the parts that look back, in the order of their blocks."""
        looks = (self.look_after(index) for index in range(len(self.blocks)))
        return [look for look in looks if look is not None]

    def mask_lengths(self, logits: Tensor, room: Tensor) -> Tensor:
        """Return length logits without the lengths that reach beyond the barline, `room` steps away."""
        too_long = torch.arange(logits.shape[1], device=logits.device) >= room.unsqueeze(1)
        return logits.masked_fill(too_long, -torch.inf)


def find_steps(layout: Layout, before: Tensor) -> Steps:
    """Return where the steps of a layout lie, given the measures that came before it, shape (B,)."""
    window = torch.arange(layout.windows, device=before.device)
    measure = (layout.row_measure.view(layout.steps, -1) - window * layout.measures) + before
    exists = layout.row_exists.view(layout.steps, -1)
    return Steps(torch.where(exists, measure, NEVER), layout.row_step.view(layout.steps, -1))
