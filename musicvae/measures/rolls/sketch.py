"""The sketch: the piano roll that a code says, in a few matrix products and without a walk over steps.

It gives a code its meaning long before the decoder's recurrence could. A training begins with encoder,
bottleneck and sketch alone (the bag-of-words loss of Zhao et al. 2017, in a musical form), and its distortion
counts on beside the decoder's.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from musicvae.core.likelihood import Bernoulli
from musicvae.core.training.precision import at_least_single
from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.rolls.drawing import draw_rolls, inside, longest
from musicvae.measures.rolls.pitch_table import RollDrawer
from musicvae.measures.rolls.slices import Slices
from musicvae.midi.songs.pianoroll import PLANES

UNROLLED = 64  # width of a code once it is unrolled over the slices of its measure
HIDDEN = 256
NEVER = -1e4  # the logit of a cell that cannot be on


def unroll(spread: nn.Linear, code: Tensor, slices: int) -> Tensor:
    """Return codes (M, Z) over the first slices of their measures, (M, slices, UNROLLED), by a linear map."""
    width = slices * UNROLLED
    flat = functional.linear(code, spread.weight[:width], spread.bias[:width])
    return flat.view(len(code), slices, UNROLLED)


class Sketch(nn.Module):
    """Unrolled codes -> the cells of rolls, a Bernoulli in each.

    Parameters
    ----------
    alphabet : Alphabet
    slices : Slices
    """

    def __init__(self, alphabet: Alphabet, slices: Slices) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.slices = slices
        self.likelihood = Bernoulli()
        draw = RollDrawer(alphabet, HIDDEN, slices.size)
        self.layers = nn.Sequential(nn.LayerNorm(UNROLLED), nn.Linear(UNROLLED, HIDDEN), nn.GELU(), draw)

    def forward(self, unrolled: Tensor, layout: Layout) -> Tensor:
        """Return the logit of each cell; NEVER after a measure's end.

        Parameters
        ----------
        unrolled : Tensor, shape (M, slices, UNROLLED)
        layout : Layout
            Of M = B * N measures.

        Returns
        -------
        Tensor, shape (M, t, 2, lanes)
        """
        steps = longest(layout)
        cells = self.slices.join(at_least_single(self.layers(unrolled)), steps).unflatten(-1, (PLANES, -1))
        return cells.masked_fill(~inside(layout, steps)[:, :, None, None], NEVER)


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

    def cells(self, layout: Layout, code: Tensor) -> Tensor:
        """Return the logit of each cell, shape (B * N, t, 2, lanes)."""
        slices = self.sketch.slices.count(longest(layout))
        cells: Tensor = self.sketch(unroll(self.spread, code, slices), layout)
        return cells

    def log_prob(self, x: MeasureBatch, code: Tensor) -> Tensor:
        """Return the log-likelihood of the roll of each measure, nats, shape (B * N,)."""
        cells = self.cells(x.layout, code)
        rolls = draw_rolls(x, self.sketch.alphabet, cells.shape[1])
        return self.sketch.likelihood.log_prob(cells.flatten(2), rolls)


def cells_to_rolls(cells: Tensor, parts: int) -> Tensor:
    """Return cells (M, t, 2, lanes) as piano rolls, (M, parts, 2, t, 128): see `midi.songs.pianoroll`."""
    return cells.unflatten(-1, (parts, -1)).permute(0, 3, 2, 1, 4)
