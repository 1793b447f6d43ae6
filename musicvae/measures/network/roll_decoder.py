"""The conv decoder: piano rolls from codes, one measure at a time, a Bernoulli in each cell.

It is what lectures on autoencoders teach, and the baseline that shows why the note decoder is better:
it needs a threshold, it blurs, and it hears nothing of the song.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from musicvae.core.categorical import COLDEST, Draw
from musicvae.core.likelihood import Bernoulli
from musicvae.measures.data.alphabet import PITCHES, Alphabet
from musicvae.measures.data.batch import Layout, MeasureBatch, Notes
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.network.memory import Memory, Written
from musicvae.measures.rolls.drawing import draw_rolls, inside
from musicvae.measures.rolls.pitch_table import MOSTLY_OFF
from musicvae.measures.rolls.sketch import OFF
from musicvae.midi.songs.pianoroll import PLANES


class RollDecoder(nn.Module):
    """Draw the rolls of measures from their codes by transposed convolutions over steps and pitches.

    Parameters
    ----------
    alphabet : Alphabet
    steps : int
        Steps of the longest measure, T.
    latent, channels : int
    """

    hears_song: ClassVar[bool] = False

    def __init__(self, alphabet: Alphabet, steps: int, latent: int, channels: int = 64) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.steps = steps
        self.coarse = (channels, -(-steps // 4), PITCHES // 16)  # channels, steps / 4, pitches / 16
        self.likelihood = Bernoulli()
        self.network = nn.Sequential(
            nn.Linear(latent, channels * self.coarse[1] * self.coarse[2]),
            nn.Unflatten(1, self.coarse),
            nn.GELU(),
            nn.ConvTranspose2d(channels, channels, kernel_size=(4, 8), stride=(2, 4), padding=(1, 2)),
            nn.GELU(),
            nn.ConvTranspose2d(
                channels, PLANES * alphabet.parts, kernel_size=(4, 8), stride=(2, 4), padding=(1, 2)
            ),
        )
        with torch.no_grad():
            self.network[-1].get_parameter("bias").fill_(MOSTLY_OFF)

    def logits(self, layout: Layout, code: Tensor) -> Tensor:
        """Return the logit of each cell, shape (B * N, planes * parts, T, P); OFF after a measure's end."""
        cells = self.network(code)[:, :, : self.steps].float()
        cells = cells.masked_fill(~inside(layout, self.steps)[:, None, :, None], OFF)
        if self.alphabet.has_bands:
            cells = cells.masked_fill(layout.vacant.repeat(1, PLANES)[:, :, None, None], OFF)
        return cells

    def rolls(self, layout: Layout, code: Tensor) -> Tensor:
        """Return how likely each cell is, shape (B * N, T, 2, lanes)."""
        likely = self.logits(layout, code).sigmoid()
        return likely.unflatten(1, (PLANES, -1)).permute(0, 3, 1, 2, 4).flatten(3)

    def log_prob(
        self, batch: MeasureBatch, noisy: NoisyCodes, generator: torch.Generator | None = None
    ) -> Tensor:
        """Return the log-likelihood of each measure's roll given its code, nats, shape (B * N,)."""
        rolls = draw_rolls(batch, self.alphabet, self.steps)  # (B * N, T, planes * L)
        cells = rolls.unflatten(2, (-1, PITCHES)).transpose(1, 2)
        return self.likelihood.log_prob(self.logits(batch.layout, noisy.code), cells)

    def blank(self, songs: int) -> Memory:
        """Return a memory in which nothing is kept."""
        count = torch.zeros(songs, dtype=torch.long, device=next(self.parameters()).device)
        ringing = count.new_zeros(songs, self.alphabet.lanes, dtype=torch.bool)
        return Memory((), (), count.new_zeros(songs, 0), ringing, count)

    def write(self, layout: Layout, noisy: NoisyCodes, draw: Draw, memory: Memory) -> Written:
        """Return notes for the next measures, however many, each from its code alone."""
        after = memory._replace(measures=memory.measures + layout.measures)
        return Written(self.sample(layout, noisy, draw), after)

    def sample(self, layout: Layout, noisy: NoisyCodes, draw: Draw) -> Notes:
        """Return notes for every measure: cells drawn, or at temperature 0 those likelier on than off.

        The temperature may be one number, or one for each measure.
        """
        logits = self.logits(layout, noisy.code)
        cells = logits > 0
        if not draw.is_greedy:
            temperature = torch.as_tensor(draw.temperature, device=logits.device).view(-1, 1, 1, 1)
            drawn = self.likelihood.sample(logits / temperature.clamp(min=COLDEST), draw.generator)
            cells = torch.where(temperature > 0, drawn.bool(), cells) & (logits > OFF)
        onset, sustain = cells.unflatten(1, (PLANES, -1)).unbind(1)  # (B * N, parts, T, P) each
        return self._cells_to_notes(*(plane.transpose(2, 3).flatten(1, 2) for plane in (onset, sustain)))

    def _cells_to_notes(self, onset: Tensor, sustain: Tensor) -> Notes:
        """Read notes off the planes, each (B * N, L, T): a run of cells, cut where another onset is."""
        sounds = onset | sustain
        goes_on = torch.cat([torch.zeros_like(sounds[..., :1]), sounds[..., :-1]], dim=-1)
        begins = onset | (sounds & ~goes_on)
        step = torch.arange(self.steps, device=onset.device)
        stops = torch.where(begins | ~sounds, step, self.steps)
        stop = torch.cat([stops[..., 1:], torch.full_like(stops[..., :1], self.steps)], dim=-1)
        stop = stop.flip(-1).cummin(-1).values.flip(-1)  # the first stop after each step
        measure, lane, at = begins.nonzero(as_tuple=True)
        held = (at == 0) & ~onset[measure, lane, at]
        symbol = torch.where(held, lane, lane + self.alphabet.lanes)
        order = torch.argsort((measure * self.steps + at) * self.alphabet.size + symbol)
        length = stop[measure, lane, at] - at
        return Notes(measure[order], at[order], length[order], symbol[order])
