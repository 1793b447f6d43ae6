"""Candidates written side by side and weighed as the writing goes: sequential Monte Carlo.

Each particle is a way to go on with a song. Its next measure is drawn from the decoder, or borrowed from
elsewhere in the song, since songs repeat themselves. With q the chance of such a proposal and p the decoder's
exact likelihood its weight grows by p / q; particles of little weight are replaced by copies of heavier
ones (Doucet, de Freitas and Gordon 2001, chapter 1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch

from musicvae.core.chance import uniform
from musicvae.measures.hints import absent
from musicvae.measures.note_writing import Draw
from musicvae.measures.writing import Page, Writing, same_notes

BORROWED = 0.5  # how often a measure is borrowed and not drawn, where there is one to borrow
FEWEST = 0.5  # share of the particles that must count for something, else they are drawn anew


class Particles:
    """Ways to go on with one song.

    Parameters
    ----------
    writing : Writing
        The song so far, as often as there are particles.
    draw : Draw
        How notes are drawn from the decoder; p is taken at temperature 1.
    """

    def __init__(self, writing: Writing, draw: Draw) -> None:
        self.writing = writing
        self.draw = draw
        self.log_weight = torch.zeros(len(writing.pages), dtype=torch.float64)

    def draw_measure(self, lendable: Sequence[Page]) -> None:
        """Write the next measure of each particle: drawn, or one of those that the song can lend."""
        count = len(self.writing.pages)
        share = BORROWED if lendable else 0.0
        borrows = uniform((count,), self.draw.generator, torch.device("cpu")) < share
        which = (uniform((count,), self.draw.generator, torch.device("cpu")) * len(lendable)).long()
        pages: list[Page] = []
        drawn = self._drawn(np.flatnonzero(~borrows.numpy()).tolist())
        for particle in range(count):
            page = drawn.pop(0) if not borrows[particle] else lendable[int(which[particle])]
            pages.append(self.writing.fit(particle, page))
        log_p = self.writing.hear([[page] for page in pages])[:, 0].double().cpu()
        if lendable:
            lent = torch.tensor(
                [sum(same_notes(page, other) for other in lendable) for page in pages]
            ).double()
            log_lent = torch.log(share * lent / len(lendable))
            log_q = torch.logaddexp(log_p + math.log(1 - share), log_lent)
            self.log_weight += log_p - log_q

    def weigh_by(self, pages: Sequence[Page]) -> None:
        """Go on by measures that are known, and weigh each particle by how likely it made them."""
        for page in pages:
            fitting = [[self.writing.fit(particle, page)] for particle in range(len(self.writing.pages))]
            self.log_weight += self.writing.hear(fitting)[:, 0].double().cpu()

    def resample(self) -> None:
        """Replace particles of little weight, if too few count for something (systematic resampling)."""
        weight = self.log_weight.softmax(0)
        count = len(weight)
        if 1 / float(weight.square().sum()) >= FEWEST * count:
            return
        first = float(uniform((1,), self.draw.generator, torch.device("cpu")))
        places = (torch.arange(count) + first) / count
        chosen = torch.searchsorted(weight.cumsum(0).clamp(max=1), places.double()).clamp(max=count - 1)
        self.writing = self.writing.select(chosen.tolist())
        self.log_weight = torch.zeros(count, dtype=torch.float64)

    def best(self) -> int:
        """Return the number of the heaviest particle."""
        return int(self.log_weight.argmax())

    def _drawn(self, particles: Sequence[int]) -> list[Page]:
        """Return a drawn measure for each of some particles."""
        if not particles:
            return []
        writing = self.writing.select(particles)
        code = torch.zeros(len(particles), writing.model.config.latent, device=writing.memory.heard.device)
        writing.write(absent(code), self.draw)
        return [pages[-1] for pages in writing.pages]
