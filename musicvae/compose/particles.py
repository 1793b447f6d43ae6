"""Candidates written side by side and weighed as the writing goes: sequential Monte Carlo.

Each particle is a way to go on with a song. Its next measure is drawn from the decoder, or borrowed from
elsewhere in the song, since songs repeat themselves. With q the chance of such a proposal and p the decoder's
exact likelihood its weight grows by p / q; particles of little weight are replaced by copies of heavier
ones (Doucet, de Freitas and Gordon 2001, chapter 1).

Both p and q are taken at temperature 1. At other temperatures the measures that are drawn still count alike,
and what is borrowed is weighed against them as if they came as often as at temperature 1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch

from musicvae.core.chance import uniform
from musicvae.measures.hints import absent
from musicvae.measures.note_writing import Draw
from musicvae.measures.pages import Page, page_key
from musicvae.measures.writing import Writing

BORROWED = 0.5  # how often a measure is borrowed and not drawn, where there is one to borrow
GOES_ON = 0.75  # how often it is the one after that which was said again before, where there is such a run
NONE = -1  # no measure of the song
FEWEST = 0.5  # share of the particles that must count for something, else they are drawn anew
CPU = torch.device("cpu")


class _Lent(NamedTuple):
    """How a measure can have been borrowed: how likely that is, and from which measure."""

    chance: float
    source: int


class Particles:
    """Ways to go on with one song.

    Parameters
    ----------
    writing : Writing
        The song so far, as often as there are particles.
    draw : Draw
        How notes are drawn from the decoder.
    source : sequence of int
        Measures that say the last one again: songs are likely to go on as after one of them.
    """

    def __init__(self, writing: Writing, draw: Draw, source: Sequence[int] = ()) -> None:
        count = len(writing.pages)
        self.writing = writing
        self.draw = draw
        self.first = writing.at
        self.log_weight = torch.zeros(count, dtype=torch.float64)
        self.source = [source[particle % len(source)] if source else NONE for particle in range(count)]

    def draw_measure(self, lendable: Mapping[int, Page]) -> None:
        """Write the next measure of each particle: drawn, or one that the song can lend, by its number."""
        share = BORROWED if lendable else 0.0
        borrowed = self._borrow(lendable, share)
        pages = self._propose(borrowed, lendable)
        lent = self._find_lent(pages, lendable)
        log_p = self._hear([[page] for page in pages])
        if lendable:
            log_lent = torch.tensor([share * each.chance for each in lent], dtype=torch.float64).log()
            self.log_weight += log_p - torch.logaddexp(log_p + math.log(1 - share), log_lent)
        self.source = [borrowed.get(particle, each.source) for particle, each in enumerate(lent)]

    def weigh_by(self, pages: Sequence[Page]) -> None:
        """Go on by measures that are known, and weigh each particle by how likely it made them."""
        if pages:
            first, *later = pages  # what rings after the first of them does so for all particles
            fitting = [self.writing.fit(particle, first) for particle in range(len(self.log_weight))]
            self.log_weight += self._hear([[page, *later] for page in fitting])

    def resample(self) -> None:
        """Replace particles of little weight, if too few count for something (systematic resampling)."""
        weight = self.log_weight.softmax(0)
        count = len(weight)
        if 1 / float(weight.square().sum()) >= FEWEST * count:
            return
        offset = uniform((1,), self.draw.generator, CPU).double()
        chosen = torch.searchsorted(weight.cumsum(0), (torch.arange(count) + offset) / count, right=True)
        kept = chosen.clamp(max=count - 1).tolist()
        self.writing = self.writing.select(kept)
        self.source = [self.source[particle] for particle in kept]
        self.log_weight = torch.zeros(count, dtype=torch.float64)

    def best(self) -> int:
        """Return the number of a particle whose measures, with all that say the same, weigh most."""
        said: defaultdict[tuple[bytes, ...], list[int]] = defaultdict(list)
        for particle, pages in enumerate(self.writing.pages):
            said[tuple(map(page_key, pages[self.first :]))].append(particle)
        return max(said.values(), key=lambda alike: float(self.log_weight[alike].logsumexp(0)))[0]

    def _borrow(self, lendable: Mapping[int, Page], share: float) -> dict[int, int]:
        """Return which particles borrow a measure, and which: the next of a run, or any."""
        borrows, goes_on, place = uniform((3, len(self.source)), self.draw.generator, CPU).tolist()
        numbers, borrowed = list(lendable), {}
        for particle in range(len(self.source)):
            if borrows[particle] < share:
                following = self._following(particle, lendable)
                in_run = following != NONE and goes_on[particle] < GOES_ON
                borrowed[particle] = following if in_run else numbers[int(place[particle] * len(numbers))]
        return borrowed

    def _following(self, particle: int, lendable: Mapping[int, Page]) -> int:
        """Return the measure after the one that a particle's last measure says again, if it can be lent."""
        source = self.source[particle]
        return source + 1 if source != NONE and source + 1 in lendable else NONE

    def _propose(self, borrowed: Mapping[int, int], lendable: Mapping[int, Page]) -> list[Page]:
        """Return the next measure of each particle."""
        drawing = [particle for particle in range(len(self.source)) if particle not in borrowed]
        pages = {n: self.writing.fit(n, lendable[number]) for n, number in borrowed.items()}
        if drawing:
            writing = self.writing.select(drawing)
            code = torch.zeros(len(drawing), writing.model.config.latent, device=writing.memory.heard.device)
            writing.write(absent(code), self.draw)
            pages.update(zip(drawing, (own[-1] for own in writing.pages), strict=True))
        return [pages[particle] for particle in range(len(self.source))]

    def _find_lent(self, pages: Sequence[Page], lendable: Mapping[int, Page]) -> list[_Lent]:
        """Return how the measure of each particle can have been borrowed, whether it was or not."""
        alike: defaultdict[bytes, list[int]] = defaultdict(list)
        for number, page in lendable.items():
            alike[page_key(page)].append(number)
        found = []
        for particle, page in enumerate(pages):
            fitting = {n: self.writing.fit(particle, lendable[n]) for n in alike[page_key(page)]}
            same = [number for number, other in fitting.items() if _held(other) == _held(page)]
            chance = len(same) / max(1, len(lendable))
            following = self._following(particle, lendable)
            if following != NONE:
                chance = GOES_ON * (following in same) + (1 - GOES_ON) * chance
            source = following if following in same else (*same, NONE)[0]
            found.append(_Lent(chance, source))
        return found

    def _hear(self, pages: Sequence[Sequence[Page]]) -> torch.Tensor:
        """Go on by measures, and return how likely those of each particle were, nats."""
        return self.writing.hear(pages).sum(1).double().cpu()


def _held(page: Page) -> set[tuple[int, int]]:
    """Return part and pitch of the notes that a measure holds from the one before."""
    return set(page[page["held"]][["part", "pitch"]].tolist())
