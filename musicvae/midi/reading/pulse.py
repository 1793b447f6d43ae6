"""How music is timed: whether its times are written or played by hand, and the pulse that they follow.

Conventions
-----------
- A *pulse* of k a beat has the strength mean(cos(2 pi k onset)), onsets in beats: 1 when every
  onset falls on it, about 0 when onsets fall anywhere. `off_grid` is 1 minus the strongest pulse
  among the grid's steps and their multiples down to one a beat.
- A time is *written* if it lies within 1/96 of a beat, a quarter of a step, of a step of the fine grid, or
  as near as the ticks of its file can be. Chance puts half of all times there. A track is written if 90 % of
  its onsets are, or else it is *played by hand*: hands hurry and drag by more than a fine step, which would
  be learned as noise. A band has tracks of both kinds, so each is judged by itself. What a score says is
  always written, and so is whatever is wanted on a grid that the fine one does not hold: who asks for 96 or
  5 steps a beat knows why.
- A played track follows sixteenths, or triplets (six a beat) if their pulse is clearly stronger.
"""

from __future__ import annotations

import numpy as np

from musicvae.midi.songs.song import FINE_GRID, Grid
from musicvae.midi.songs.source import Source

SIXTEENTHS = Grid(4)
TRIPLETS = Grid(6)

FREE_TIMING = 0.85
_ENOUGH_NOTES = 100
_FINEST_PLAYED = Grid(12)  # sixteenths and triplets
_WRITTEN = 0.9  # share of the times
_NEAR = 0.25  # steps
_CLEARLY = 0.1  # by which the pulse of triplets is stronger


def off_grid(source: Source, grid: Grid) -> float:
    """Return how far the onsets lie off the grid: 0 all on it, about 1 anywhere.

    It stays low for music that was played by hand to a click.
    """
    divisors = [k for k in range(1, grid.steps_per_beat + 1) if grid.steps_per_beat % k == 0]
    beats = source.notes["start"] / source.ticks_per_beat
    return min(1.0, max(0.0, 1 - max(_strength(beats, k) for k in divisors)))


def is_free(source: Source) -> bool:
    """Say whether this seems a performance recorded without a click, whose beats mean nothing.

    That is: 100 notes or more, and `off_grid` on 12 steps per beat is `FREE_TIMING` or more. Fewer
    notes cannot tell, and are not said to be free.
    """
    return len(source.notes) >= _ENOUGH_NOTES and off_grid(source, _FINEST_PLAYED) >= FREE_TIMING


def find_written(source: Source, times: np.ndarray, grid: Grid) -> np.ndarray:
    """Return which tracks are written, going by one time of each note; bool (tracks,).

    Parameters
    ----------
    source : Source
    times : np.ndarray of int, shape (notes,)
        When its notes begin, or when they end, in ticks.
    grid : Grid
        On which they are to be laid.
    """
    tracks = len(source.tracks)
    if source.is_barred or FINE_GRID.steps_per_beat % grid.steps_per_beat:
        return np.ones(tracks, bool)
    steps = times * (FINE_GRID.steps_per_beat / source.ticks_per_beat)
    is_near = np.abs(steps - np.rint(steps)) <= near_steps(source.ticks_per_beat, FINE_GRID)
    notes = np.bincount(source.notes["track"], minlength=tracks)
    near = np.bincount(source.notes["track"], is_near, tracks)
    written: np.ndarray = near >= _WRITTEN * notes
    return written


def near_steps(ticks_per_beat: int, grid: Grid) -> float:
    """Return how far from a step of a grid a time may be that means it: a quarter step, or half a tick."""
    return max(_NEAR, grid.steps_per_beat / ticks_per_beat / 2) + 1e-6


def find_pulse(beats: np.ndarray) -> Grid:
    """Return the pulse that onsets follow: sixteenths or triplets."""
    # Halves count beside quarters: of played beats slow pulses are the strongest, and thirds would win.
    straight, in_three = (max(_strength(beats, k) for k in pulses) for pulses in ((2, 4), (3, 6)))
    return TRIPLETS if in_three > straight + _CLEARLY else SIXTEENTHS


def _strength(beats: np.ndarray, per_beat: int) -> float:
    """Return the strength of the pulse of so many a beat, -1 to 1."""
    return float(np.cos(2 * np.pi * per_beat * beats).mean()) if len(beats) else 1.0
