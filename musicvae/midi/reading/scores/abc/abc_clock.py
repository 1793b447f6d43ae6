"""Where a voice of ABC is: its measures, and the overlays that go back in them.

Conventions
-----------
"&" goes back by one barline: to the beginning of the measure or, where nothing stands in it yet, to that of
the measure before. What follows sounds beside the voice until it has caught up with it. "(&" marks a place to
which every "&" goes back until "&)", across barlines.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from musicvae.midi.reading.scores.abc.abc_sheet import AbcSheet, Place


@dataclass
class AbcClock:
    """What tells the time in a voice.

    Parameters
    ----------
    sheet : AbcSheet
        It counts the measures of all voices.
    lengths : list of (int or None)
        Grains of each measure that has ended; None for a rest.
    layer : int
        Which of the things that sound beside each other goes on now; 0 is the voice itself.
    written : int
        How many measures have ended as they are written, those of overlays too.
    """

    sheet: AbcSheet
    lengths: list[int | None] = field(default_factory=list)
    layer: int = 0
    written: int = 0
    _measure: int = 0
    _now: int = 0  # grains from the beginning of the measure
    _longest: int = 0  # grains in the last measure, which has not ended, of its other layers
    _at_barline: bool = True  # whether nothing has come since the last one
    _marked: Place | None = None  # where "(&" stands

    @property
    def place(self) -> Place:
        """Where the voice is."""
        return Place(self._measure, self._now)

    @property
    def next_measure(self) -> int:
        """The measure that is about to begin: this one, if nothing stands in it yet."""
        return self._measure + bool(self._now or (self._longest and self._is_last))

    def go_on(self, grains: int) -> None:
        """Go on within the measure."""
        self._now += grains
        self._at_barline = False

    def end_measure(self) -> None:
        """End the measure, unless nothing stands in it yet."""
        self._stretch()
        is_empty = self._at_barline or not (self._longest if self._is_last else self._now)
        if not is_empty:
            self._end()

    def rest_measures(self, count: int) -> None:
        """End the measure, and let others follow in which nothing sounds."""
        self.end_measure()
        for _ in range(count):
            self._end()

    def overlay(self) -> None:
        """Go back to where other notes sound at the same time."""
        is_empty = self._now == 0
        self._stretch()
        if self._marked is not None:
            self._measure, self._now = self._marked
        else:
            self._measure, self._now = max(0, self._measure - is_empty), 0
        self.layer += 1
        self._at_barline = False

    def mark(self) -> None:
        """Let overlays go back to here until `catch_up`."""
        self._marked = self.place

    def catch_up(self) -> None:
        """Go on where the voice and its overlays have come to."""
        self._stretch()
        self._measure, self._now = len(self.lengths), self._longest
        self._marked, self.layer = None, 0
        self._at_barline = False

    @property
    def _is_last(self) -> bool:
        return self._measure == len(self.lengths)

    def _stretch(self) -> None:
        """Let the last measure be as long as what stands in it; others have ended, and stay as they are."""
        if self._is_last:
            self._longest = max(self._longest, self._now)

    def _end(self) -> None:
        """Go to the next measure."""
        if self._is_last:
            self.lengths.append(self._longest or None)
            self.sheet.count_measures(1)
            self._longest = 0
        self._measure, self._now = self._measure + 1, 0
        self.written += 1
        self._at_barline = True
        if self._is_last and not self._longest and self._marked is None:
            self.layer = 0
