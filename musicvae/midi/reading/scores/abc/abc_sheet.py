"""What all voices of a tune share while they are walked, and how places in them are said.

Conventions
-----------
A place is a measure of a voice, counted from 0, and grains from its beginning: so fine that all common
tuplets are whole numbers of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_tokens import TOO_LONG
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT
from musicvae.midi.songs.notices import Notice, name_some
from musicvae.midi.songs.song import MAX_MEASURES

GRAINS_PER_TICK = 2**5 * 3 * 11 * 13
GRAINS_PER_WHOLE = 4 * TICKS_PER_BEAT * GRAINS_PER_TICK


class Place(NamedTuple):
    """Where something stands: its measure, and the grains from the beginning of that."""

    measure: int
    grains: int


@dataclass
class AbcSheet:
    """What all voices of a tune share; the voices fill it.

    Parameters
    ----------
    measures : int
        How many there are so far in all voices together.
    has_bars : bool
        Whether a barline is drawn anywhere.
    user_signs : dict of str to str
        What single letters stand for, as U: says: a decoration or a text, in its marks.
    """

    measures: int = 0
    has_bars: bool = False
    user_signs: dict[str, str] = field(default_factory=dict)
    _noticed: dict[str, Counter[str]] = field(default_factory=dict)

    def notice(self, what: str, example: str = "") -> None:
        """Keep in mind that something was guessed or left out."""
        self._noticed.setdefault(what, Counter())[example] += 1

    @property
    def notices(self) -> list[Notice]:
        """What was guessed or left out, how often, and a few examples."""
        return [Notice(what, seen.total(), name_some(seen)) for what, seen in self._noticed.items()]

    def count_measures(self, count: int) -> None:
        """Take note that a voice has more measures.

        Raises
        ------
        SongError
            If there are more of them than any song has.
        """
        self.measures += count
        if self.measures > MAX_MEASURES:
            raise SongError(f"it has more than {MAX_MEASURES:,} measures: {TOO_LONG}")
