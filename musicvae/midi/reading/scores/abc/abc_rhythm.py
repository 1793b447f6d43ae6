"""How long the notes of a voice of ABC are: units, tuplets, broken rhythm.

Conventions
-----------
In a broken rhythm the longer note gets what the shorter one loses, so that the two keep their sum, be
they written equal or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_sheet import GRAINS_PER_WHOLE
from musicvae.midi.reading.scores.abc.abc_tokens import TOO_LONG
from musicvae.midi.songs.song import Meter

_LONGEST_NOTE = 250 * GRAINS_PER_WHOLE
_MOST_BROKEN = 3  # ">>>"
_USUAL_TUPLETS = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}  # so many in the time of how many


@dataclass
class AbcRhythm:
    """The unit in grains, and what is asked of the next notes, chords and rests."""

    unit: int = 0
    _broken: int = 0  # signs before the next event, negative for "<"
    _tuplet: tuple[int, int, int] = (1, 1, 0)  # so many, in the time of how many, for how many events more

    def set_unit(self, unit: Fraction) -> None:
        """Count in parts of a whole note."""
        self.unit = int(unit * GRAINS_PER_WHOLE)

    def begin_tuplet(self, text: str, meter: Meter | None) -> None:
        """Let the next events be a tuplet, such as "3" or "3:2:4"."""
        many, time, events = ([int(number or 0) for number in text[:20].split(":")] + [0, 0])[:3]
        if many > 1:
            is_compound = meter is not None and meter.numerator % 3 == 0 and meter.numerator > 3
            usual = _USUAL_TUPLETS.get(many, 3 if is_compound else 2)
            self._tuplet = (many, time or usual, events or many)

    @property
    def is_broken(self) -> bool:
        """Whether the last event and the next are unequal."""
        return self._broken != 0

    def break_pair(self, signs: str) -> None:
        """Let the last event and the next be unequal: ">" the last is longer, "<" the next."""
        count = min(len(signs), _MOST_BROKEN)
        self._broken = count if signs[0] == ">" else -count

    def end_pair(self) -> None:
        """Forget that a pair is broken."""
        self._broken = 0

    def take(self, above: int, below: int) -> int:
        """Return the grains of the next event, its tuplet counted, from its length in units.

        Raises
        ------
        SongError
            If nothing lasts so long.
        """
        grains = (self.unit * above + below // 2) // below
        many, time, left = self._tuplet
        if left:
            grains = (grains * time + many // 2) // many
            self._tuplet = (many, time, left - 1)
        if grains > _LONGEST_NOTE:
            raise SongError(TOO_LONG)
        return grains

    def share(self, last: int, this: int) -> int:
        """Return the grains that go from this event to the last one, given their own; ends the pair."""
        broken, self._broken = self._broken, 0
        shorter = this if broken > 0 else last
        moved = shorter - (shorter >> abs(broken))
        return moved if broken > 0 else -moved
