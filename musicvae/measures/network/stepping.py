"""The decoder's network through one measure, row after row, where each row hears what was drawn before it.

The numbers are those of `NoteNetwork.states`. What was written earlier is copied once a measure, followed by
the measure's own rows, still empty. A row may be tried and then left as if it had never been.
"""

from __future__ import annotations

import torch
from torch import Tensor

from musicvae.measures.network.look_back import NEVER, LookBack, Past, Spots, lengthen, sight
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.note_network import NoteNetwork, Told
from musicvae.measures.network.rows import At


class RowStepper:
    """The next measure of B songs, each of which goes on to its own next row.

    Parameters
    ----------
    network : NoteNetwork
    told : Told
        Of one measure a song, which may be of several meters.
    memory : Memory
        From before the measure.
    """

    def __init__(self, network: NoteNetwork, told: Told, memory: Memory) -> None:
        self.network = network
        self.told = told
        self.measures = memory.measures
        self.recurrent = memory.recurrent
        self._tried = memory.recurrent
        most, pasts = told.keys.shape[1], iter(memory.pasts)
        self._layers = [
            (block, None if look is None else _View(look, next(pasts), most))
            for block, look in network.layers
        ]
        self._views = [view for _, view in self._layers if view is not None]

    def try_row(self, at: At, heard: Tensor, ringing: Tensor) -> Tensor:
        """Return the states from which rows speak, shape (B, H).

        Parameters
        ----------
        at : At
            The row of each song.
        heard : Tensor, shape (B, H)
            What was said at the row before.
        ringing : Tensor of bool, shape (B, L)
        """
        sounds = self.network.ringing(ringing.to(heard), self.told.band[at.measure])
        x = self.network.conditions(self.told, at) + heard + sounds
        x, spots = x.unsqueeze(0), Spots(self.measures.unsqueeze(0), at.step.unsqueeze(0))
        tried = []
        for (block, view), start in zip(self._layers, self.recurrent, strict=True):
            x, state = block(x, start)
            tried.append(state)
            if view is not None:
                x = view.look(x, spots)
        self._tried = tuple(tried)
        return x[0]

    def keep(self, kept: Tensor) -> None:
        """Go on from the rows just tried in some songs, (B,), and in the others from the rows before them."""
        pairs = zip(self._tried, self.recurrent, strict=True)
        self.recurrent = tuple(torch.where(kept.unsqueeze(1), new, old) for new, old in pairs)
        for view in self._views:
            view.keep(kept, self.measures)

    def said(self, said: Tensor, songs: Tensor) -> None:
        """Let later rows find what songs said at their last rows, given its embedding, (b, H)."""
        for view in self._views:
            view.add(said, songs)

    def pasts(self) -> tuple[Past, ...]:
        """Return what there is to look back at after the measure."""
        return tuple(view.visible() for view in self._views)


class _View:
    """What one part that looks back can see from the rows of a measure."""

    def __init__(self, look: LookBack, past: Past, most: int) -> None:
        self.look_back = look
        self.end = past.measure.shape[1]  # of what is visible
        self.last = torch.full_like(past.measure[:, 0], self.end)  # where the last row of each song lies
        self.past = lengthen(past, most)

    def look(self, x: Tensor, spots: Spots) -> Tensor:
        """Return x (1, B, H) of rows with what they found before them."""
        where = self.look_back.where(spots).to(self.past.key)
        self.past.key[:, :, self.end, : self.look_back.width] = self.look_back.key(x)[:, :, 0]
        self.past.key[:, :, self.end, self.look_back.width :] = where
        past = self.visible()
        seen = sight(spots, past.measure, self.look_back.reach)
        return self.look_back(x, self.look_back.wanted(spots), past, None if bool(seen.all()) else seen)

    def keep(self, kept: Tensor, measures: Tensor) -> None:
        self.past.measure[:, self.end] = torch.where(kept, measures, NEVER)
        self.last = torch.where(kept, self.end, self.last)
        self.end += 1

    def add(self, said: Tensor, songs: Tensor) -> None:
        value = self.look_back.value(said.unsqueeze(0))[:, :, 0]
        self.past.value[songs, :, self.last[songs]] = value.to(self.past.value)

    def visible(self) -> Past:
        """Return the rows so far."""
        key, value, measure = self.past
        return Past(key[:, :, : self.end], value[:, :, : self.end], measure[:, : self.end])
