"""The alphabet of the note decoder.

Within a step the decoder says a set of notes one after another, each symbol larger than the one
before. Symbols are numbered so that this order is: held notes, then onsets, both by part and pitch,
then "no more"::

    held   part * 128 + pitch                     0 .. V - 1
    onset  V + part * 128 + pitch                 V .. 2V - 1     where V = parts * 128
    end    2V
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from torch import Tensor

PITCHES = 128

Ints = TypeVar("Ints", np.ndarray, Tensor)


class Alphabet(NamedTuple):
    """Symbols of an ensemble.

    Parameters
    ----------
    parts : int
    """

    parts: int

    @property
    def voices(self) -> int:
        """Number of (part, pitch) pairs, V."""
        return self.parts * PITCHES

    @property
    def end(self) -> int:
        """The symbol "no more"."""
        return 2 * self.voices

    @property
    def size(self) -> int:
        """Number of symbols."""
        return 2 * self.voices + 1

    def symbols(self, part: Ints, pitch: Ints, held: Ints) -> Ints:
        """Return the symbol of each note."""
        return (1 - held) * self.voices + part * PITCHES + pitch

    def part(self, symbol: Ints) -> Ints:
        """Return the part of each symbol that is a note."""
        return symbol % self.voices // PITCHES

    def pitch(self, symbol: Ints) -> Ints:
        """Return the pitch of each symbol that is a note."""
        return symbol % PITCHES
