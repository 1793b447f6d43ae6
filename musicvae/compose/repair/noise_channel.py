"""How notes go wrong: the chance that a clean note is given as this wrong one, or not at all.

A noisy channel (Shannon 1948): of the clean notes a share, the amount, is given wrongly. Half of these are
left out, most others moved to another pitch or another time; few are of another length, and now and then a
note is given that was never there. Most errors are small, and those that are small are of any size alike.
`NoiseChannel` says what each costs, log p(given | clean) less that of a note given as it was, nats; costs of
several errors add up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

DROPPED, REPITCHED, SHIFTED, STRETCHED, EXTRA = 0.5, 0.22, 0.22, 0.03, 0.03
SMALL, MOST_SMALL = 4, 0.9  # semitones or sixteenths; the share of the errors that are no larger
LARGEST = 12  # size of the other errors, about
EXTRA_PITCHES = 24  # among which a note that was never there is found


@dataclass(frozen=True)
class NoiseChannel:
    """What errors cost.

    Parameters
    ----------
    amount : float
        The share of the notes that are wrong, above 0 and below 1.
    sixteenth : int
        Steps of one: errors in time are of so many sixteenths.

    Raises
    ------
    ValueError
        If it is not.
    """

    amount: float
    sixteenth: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.amount < 1:
            raise ValueError(f"the amount must lie between 0 and 1, got {self.amount}")

    @property
    def odds(self) -> float:
        """The log-odds that a note is wrong."""
        return math.log(self.amount) - math.log1p(-self.amount)

    @property
    def dropped(self) -> float:
        """What it costs that a note was left out."""
        return self.odds + math.log(DROPPED)

    def extra(self, notes: int, steps: int) -> float:
        """Return what it costs that a note was never there, in music of so many notes and steps."""
        return self.odds + math.log(EXTRA * max(1, notes) * self.sixteenth / (steps * EXTRA_PITCHES))

    def repitched(self, semitones: int) -> float:
        """Return what it costs that a note is so much too high or too low, not by 0."""
        return self.odds + math.log(REPITCHED) + _log_share(semitones)

    def shifted(self, steps: int) -> float:
        """Return what it costs that a note is so much too late or too early, not by 0."""
        return self.odds + math.log(SHIFTED) + _log_share(steps / self.sixteenth)

    def stretched(self, steps: int) -> float:
        """Return what it costs that a note is so much too long or too short, not by 0."""
        return self.odds + math.log(STRETCHED) + _log_share(steps / self.sixteenth)


def _log_share(size: float) -> float:
    """Return the log of the share of errors that are of this size, either sign alike."""
    if abs(size) <= SMALL:
        return math.log(MOST_SMALL / (2 * SMALL))
    return math.log((1 - MOST_SMALL) / (2 * (LARGEST - SMALL)))
