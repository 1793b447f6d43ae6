"""Where the steps of a song lie in its file: steps to ticks, and ticks to steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.song import Grid


class TickMap(NamedTuple):
    """The way between the ticks of a file and the steps of the song that was made of it.

    Parameters
    ----------
    ticks_per_beat : int
    grid : Grid
    begin : int
        Where the song begins, in steps from the file's first tick; negative where silence was put before
        a pick-up.
    width : int
        Within half of so many steps of one a note is laid there: more than 1 of what was played by hand.
    """

    ticks_per_beat: int
    grid: Grid
    begin: int = 0
    width: int = 1

    def to_steps(self, ticks: Sequence[int] | np.ndarray) -> np.ndarray:
        """Return the nearest step to each tick; halfway between two, the later."""
        doubled = 2 * np.asarray(ticks, dtype=np.int64) * self.grid.steps_per_beat
        steps: np.ndarray = (doubled + self.ticks_per_beat) // (2 * self.ticks_per_beat) - self.begin
        return steps

    def to_tick(self, step: int) -> int:
        """Return the nearest tick to a step."""
        per_beat = self.grid.steps_per_beat
        return (2 * (self.begin + step) * self.ticks_per_beat + per_beat) // (2 * per_beat)

    def first_tick(self, step: int) -> int:
        """Return the first tick at which a note is laid on a step, or on a later one."""
        doubled = (2 * (self.begin + step) - self.width) * self.ticks_per_beat
        return -(-doubled // (2 * self.grid.steps_per_beat))
