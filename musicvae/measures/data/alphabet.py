"""The alphabet of the note decoder.

At a step where notes begin the decoder says a set of notes one after another, each symbol larger than the one
before. Symbols are numbered so that this order is: held notes, then onsets, both by part and pitch,
then "no more"::

    held   part * 128 + pitch                     0 .. L - 1
    onset  L + part * 128 + pitch                 L .. 2L - 1     where L = parts * 128
    end    2L
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
    has_bands : bool
        Whether songs differ in who plays the parts, so that what is known of a pitch goes by the instrument.
    first_is_drums : bool
        Whether drums, whose pitches are keys, are the first part.
    """

    parts: int
    has_bands: bool = False
    first_is_drums: bool = False

    @property
    def pitches(self) -> int:
        """Number of pitches of a part."""
        return PITCHES

    @property
    def lanes(self) -> int:
        """Number of lanes, (part, pitch) pairs, L."""
        return self.parts * PITCHES

    @property
    def end(self) -> int:
        """The symbol "no more"."""
        return 2 * self.lanes

    @property
    def size(self) -> int:
        """Number of symbols."""
        return 2 * self.lanes + 1

    def lanes_of(self, parts: Tensor) -> Tensor:
        """Return what is said of parts, shape (..., parts), of each of their lanes, (..., L)."""
        return parts.repeat_interleave(PITCHES, -1)

    def symbols(self, part: Ints, pitch: Ints, held: Ints) -> Ints:
        """Return the symbol of each note."""
        return (1 - held) * self.lanes + part * PITCHES + pitch

    def part(self, symbol: Ints) -> Ints:
        """Return the part of each symbol that is a note."""
        return symbol % self.lanes // PITCHES

    def pitch(self, symbol: Ints) -> Ints:
        """Return the pitch of each symbol that is a note."""
        return symbol % PITCHES
