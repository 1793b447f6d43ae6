"""The decoder's network through one measure, step after step, where each step hears what was drawn before it.

The numbers are those of `NoteNetwork.states`. What does not depend on what is drawn (the conditions, where
steps lie and what of the past they see) is worked out for the whole measure at once, and what was written
earlier is copied once a measure, followed by the measure's own steps, still empty.
"""

from __future__ import annotations

from torch import Tensor

from musicvae.measures.data.batch import Layout
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.network.look_back import LookBack, Past, Steps, lengthen, sight
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.note_network import NoteNetwork, find_steps


class MeasureStepper:
    """The next measure of B songs.

    Parameters
    ----------
    network : NoteNetwork
    layout : Layout
        Of one measure a song (N = 1), which may be of several meters.
    noisy : NoisyCodes
    memory : Memory
        From before the measure.
    """

    def __init__(self, network: NoteNetwork, layout: Layout, noisy: NoisyCodes, memory: Memory) -> None:
        self.network = network
        self.known = network.conditions(layout, noisy).view(layout.steps, layout.windows, -1)
        exists = layout.row_exists.view(layout.steps, layout.windows, 1)
        # Where every song has a step there is nothing to mask.
        self.exists = [None if bool(row.all()) else row.unsqueeze(0) for row in exists]
        self.recurrent = memory.recurrent
        steps, pasts = find_steps(layout, memory.measures), iter(memory.pasts)
        self._layers = [
            (block, None if look is None else _View(look, next(pasts), steps))
            for block, look in network.layers
        ]
        self._views = [view for _, view in self._layers if view is not None]

    def step(self, step: int, heard: Tensor, ringing: Tensor) -> Tensor:
        """Return the state from which a step speaks, shape (B, H).

        Parameters
        ----------
        step : int
            Counted from the barline; each comes once, in order.
        heard : Tensor, shape (B, H)
            What began at the step before.
        ringing : Tensor of bool, shape (B, L)
        """
        x = self.known[step] + heard + self.network.ringing(ringing.to(heard))
        x = x.unsqueeze(0)
        recurrent = []
        for (block, view), start in zip(self._layers, self.recurrent, strict=True):
            x, state = block(x, start, self.exists[step])
            recurrent.append(state)
            if view is not None:
                x = view.look(step, x)
        self.recurrent = tuple(recurrent)
        return x[0]

    def said(self, step: int, said: Tensor) -> None:
        """Let later steps look back at a step, given the embedding of what it said, shape (B, H)."""
        for view in self._views:
            view.add(step, said)

    def pasts(self) -> tuple[Past, ...]:
        """Return what there is to look back at after the measure."""
        return tuple(view.past for view in self._views)


class _View:
    """What one part that looks back can see from the steps of a measure."""

    def __init__(self, look: LookBack, past: Past, steps: Steps) -> None:
        self.look_back = look
        self.width = look.width
        self.before = past.measure.shape[1]
        whole = lengthen(past, len(steps.measure))
        whole.measure[:, self.before :] = steps.measure.T
        whole.key[:, :, self.before :, self.width :] = look.where(steps).unsqueeze(1)
        self.past = whole
        self.wanted = look.wanted(steps)
        opening = Steps(steps.measure[:1], steps.step[:1])
        seen = sight(opening, whole.measure, look.reach)  # the same from every step of the measure
        self.seen = None if bool(seen.all()) else seen

    def look(self, step: int, x: Tensor) -> Tensor:
        """Return x (1, B, H) of a step with what it found before it."""
        end = self.before + step
        self.past.key[:, :, end, : self.width] = self.look_back.key(x)[:, :, 0]
        visible = Past(self.past.key[:, :, :end], self.past.value[:, :, :end], self.past.measure[:, :end])
        seen = None if self.seen is None else self.seen[:, :, :end]
        return self.look_back(x, self.wanted[:, :, step : step + 1], visible, seen)

    def add(self, step: int, said: Tensor) -> None:
        self.past.value[:, :, self.before + step] = self.look_back.value(said.unsqueeze(0))[:, :, 0]
