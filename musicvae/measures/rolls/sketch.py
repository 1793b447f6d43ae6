"""The sketch: the piano roll that a code says, in a few matrix products and without a walk over steps.

It gives a code its meaning long before the decoder's recurrence could. A training begins with encoder,
bottleneck and sketch alone (the bag-of-words loss of Zhao et al. 2017, in a musical form), and its distortion
counts on beside the decoder's.

A roll of all steps of a fine grid would be mostly empty, and say of each pitch the same many times over. So
a sketch says a roll of slices, and besides, for each part and slice, at which steps of it something begins,
and at which something has its last step. The likelihood is that of slices, times that of places given them.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from musicvae.core.likelihood import Bernoulli
from musicvae.core.training.precision import at_least_single
from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.rolls.drawing import BEGINS, LASTS, draw_places, draw_rolls, inside, longest
from musicvae.measures.rolls.pitch_table import MOSTLY_OFF, RollDrawer
from musicvae.measures.rolls.slices import SLICE_WIDTH, Slices, cut_steps, repeat_slices
from musicvae.measures.rolls.unrolled_code import unroll
from musicvae.midi.songs.pianoroll import ONSET, PLANES

HIDDEN = 256
OFF = -1e4  # the logit of a cell that cannot be on


class Sketched(NamedTuple):
    """What the codes of M measures, of at most t steps, say of them: logits."""

    cells: Tensor  # (M, slices, 2, lanes) that a note begins in a slice, and that one sounds in it
    places: Tensor | None  # (M, t, 2, parts) of the steps, given their slice; None where that is one step
    size: int  # steps of a slice

    def rolls(self) -> Tensor:
        """Return how likely each cell of the rolls of steps is, (M, t, 2, lanes)."""
        return torch.stack([self.onsets(), self._sustains()], 2)

    def onsets(self) -> Tensor:
        """Return how likely a note begins at each step, (M, t, lanes)."""
        onset = self.cells[:, :, ONSET].sigmoid()
        if self.places is None:
            return onset
        begins = self.places[:, :, BEGINS].sigmoid().unsqueeze(-1)
        return (self._at_steps(onset, self.places) * begins).flatten(2)

    def _sustains(self) -> Tensor:
        """Return how likely a note sounds at each step, (M, t, lanes)."""
        onset, sounds = self.cells.sigmoid().unbind(2)  # (M, slices, lanes) each
        if self.places is None:
            return sounds
        held = functional.pad(sounds * (1 - onset), (0, 0, 0, 1))[:, 1:]  # into the next slice
        onset, sounds, held = (self._at_steps(of_slice, self.places) for of_slice in (onset, sounds, held))
        begins, lasts = self.places.sigmoid().unsqueeze(-1).unbind(2)  # (M, t, parts, 1) each
        is_first = torch.arange(lasts.shape[1], device=lasts.device) % self.size == 0
        lasts_before = functional.pad(lasts, (0, 0, 0, 0, 1, -1)).masked_fill(is_first.view(-1, 1, 1), 0)
        begun, ended = (_by_then(place, self.size) for place in (begins, lasts_before))
        return (sounds * (1 - onset * (1 - begun)) * (1 - (1 - held) * ended)).flatten(2)

    def _at_steps(self, of_slice: Tensor, places: Tensor) -> Tensor:
        """Return what is said of slices (M, slices, lanes) at each of their steps, (M, t, parts, pitches)."""
        _, steps, _, parts = places.shape
        return repeat_slices(of_slice, self.size, steps).unflatten(2, (parts, -1))


def _by_then(likely: Tensor, size: int) -> Tensor:
    """Return how likely it is (M, t, ...) that something has been by each step, since its slice began."""
    by_slice = 1 - (1 - cut_steps(likely, size)).cumprod(2)
    return by_slice.flatten(1, 2)[:, : likely.shape[1]]


class Sketch(nn.Module):
    """Unrolled codes -> the cells of rolls, a Bernoulli in each, and the places within slices.

    Parameters
    ----------
    alphabet : Alphabet
    slices : Slices
    """

    def __init__(self, alphabet: Alphabet, slices: Slices) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.slices = slices
        draw = RollDrawer(alphabet, HIDDEN)
        widen = nn.Linear(SLICE_WIDTH, HIDDEN)
        self.layers = nn.Sequential(nn.LayerNorm(SLICE_WIDTH), widen, nn.GELU(), draw)
        self.place = _make_place(slices.size, alphabet.parts) if slices.size > 1 else None

    def forward(self, unrolled: Tensor, layout: Layout) -> Sketched:
        """Return what unrolled codes say of M = B * N measures; OFF after their ends.

        Parameters
        ----------
        unrolled : Tensor, shape (M, slices, SLICE_WIDTH)
        layout : Layout
            Of the measures.
        """
        hidden, draw = self.layers[:-1], self.layers[-1]
        x, steps, size = hidden(unrolled), longest(layout), self.slices.size
        known = inside(layout, steps)
        cells = at_least_single(draw(x, layout.band)).unflatten(-1, (PLANES, -1))
        cells = cells.masked_fill(~known[:, ::size, None, None], OFF)
        if self.place is None:
            return Sketched(cells, None, size)
        places = self.slices.join(at_least_single(self.place(x)), steps).unflatten(-1, (2, -1))
        return Sketched(cells, places.masked_fill(~known[:, :, None, None], OFF), size)

    def log_prob(self, x: MeasureBatch, sketched: Sketched) -> Tensor:
        """Return the log-likelihood of the roll of each measure, nats, shape (B * N,)."""
        return find_log_prob(x, sketched, self.alphabet)


def find_log_prob(x: MeasureBatch, sketched: Sketched, alphabet: Alphabet) -> Tensor:
    """Return the log-likelihood of the roll of each measure, as it is sketched, nats, shape (B * N,)."""
    cells, places, size = sketched
    rolls = draw_rolls(x, alphabet, cells.shape[1], size)
    log_prob = Bernoulli().log_prob(cells.flatten(2), rolls)
    if places is None:
        return log_prob
    drawn = draw_places(x, alphabet, places.shape[1]).flatten(2)
    # Of slices that have such a place at all.
    asked = repeat_slices(cut_steps(drawn, size).amax(2), size, drawn.shape[1])
    cost = functional.binary_cross_entropy_with_logits(places.flatten(2), drawn, reduction="none")
    return log_prob - (cost * asked).flatten(1).sum(-1)


def _make_place(size: int, parts: int) -> nn.Linear:
    """Return what says the places of slices: at first, that notes begin and last as their slices do."""
    place = nn.Linear(HIDDEN, size * 2 * parts)
    with torch.no_grad():
        bias = place.bias.fill_(MOSTLY_OFF).view(size, 2, parts)
        bias[0, BEGINS] = bias[-1, LASTS] = -MOSTLY_OFF
    return place


class SketchDecoder(nn.Module):
    """Codes -> rolls by parts of another decoder: it learns from single measures before that one does.

    Parameters
    ----------
    spread : nn.Linear
        See `unroll`.
    sketch : Sketch
    """

    def __init__(self, spread: nn.Linear, sketch: Sketch) -> None:
        super().__init__()
        self.spread = spread
        self.sketch = sketch

    def say(self, layout: Layout, code: Tensor) -> Sketched:
        """Return what codes say of the measures of a layout."""
        slices = self.sketch.slices.count(longest(layout))
        said: Sketched = self.sketch(unroll(self.spread, code, slices), layout)
        return said

    def log_prob(self, x: MeasureBatch, code: Tensor) -> Tensor:
        """Return the log-likelihood of the roll of each measure, nats, shape (B * N,)."""
        return self.sketch.log_prob(x, self.say(x.layout, code))


def cells_to_rolls(cells: Tensor, parts: int) -> Tensor:
    """Return cells (M, t, 2, lanes) as piano rolls, (M, parts, 2, t, 128): see `midi.songs.pianoroll`."""
    return cells.unflatten(-1, (parts, -1)).permute(0, 3, 2, 1, 4)
