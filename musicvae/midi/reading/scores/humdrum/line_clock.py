"""When each line of a Humdrum file begins, as its spines tell.

Conventions
-----------
A line begins where the spines of its tokens end. Where they do not agree, most of them are right, and of
as many the later; a spine that has fallen behind the line before is idle, and told the time by the others.
A barline stands where the next line begins, unless its measure is whole where another spine ends: a run of
small notes may go on across it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from musicvae.midi.reading.scores.humdrum.barline_places import FoundBarline
from musicvae.midi.reading.scores.humdrum.spines import KERN, SpinePath


class LineClock:
    """What tells the time.

    Attributes
    ----------
    barlines : list of FoundBarline
        Where measures begin, without those of no length.
    end : int
        Where the last of all tokens ends.
    apart : int
        Lines at which spines did not agree.
    short : int
        Spines that ended within a measure, before others.
    """

    def __init__(self) -> None:
        self.barlines: list[FoundBarline] = []
        self.end = 0
        self.apart = 0
        self.short = 0
        self._last = -1  # where the last line began on which time goes on
        self._whole: tuple[int, ...] = ()  # how long the measure is to be that ends at the barline
        self._at_barline = False

    @property
    def measure_start(self) -> int:
        """Where the measure begins."""
        return self.barlines[-1].place if self.barlines else 0

    @property
    def measure_before(self) -> int:
        """Where the measure before this one begins."""
        return self.barlines[-2].place if len(self.barlines) > 1 else 0

    def find_start(self, ends: Sequence[int], paths: Iterable[SpinePath]) -> int:
        """Return where a line begins, whose tokens follow others that end there, among all paths."""
        start = ends[0]
        if start <= self._last or any(end != start for end in ends):
            start = self._agree(ends, paths)
        if self._at_barline:
            self._count_short(start, paths)
            self._lay_barline(self._find_barline(start, paths))
        return start

    def advance(self, path: SpinePath, start: int, length: int) -> None:
        """Let a token last from the start of its line on."""
        path.end = start + length
        if length:
            self._last = start
            self.end = max(self.end, path.end)

    def meet_barline(self, whole: Sequence[int]) -> None:
        """Let the next line tell where a barline is.

        Parameters
        ----------
        whole : sequence of int
            How long the measure is to be by its meters.
        """
        self._whole, self._at_barline = tuple(whole), True

    def finish(self, paths: Iterable[SpinePath]) -> None:
        """Let the last measure end where all is over."""
        self._count_short(self.end, paths)
        self._lay_barline(self.end)

    def _find_barline(self, start: int, paths: Iterable[SpinePath]) -> int:
        places = [self.measure_start + length for length in self._whole]
        ends = {path.end for path in paths if path.spine.kind == KERN}
        return start if start in places else next((place for place in places if place in ends), start)

    def _count_short(self, start: int, paths: Iterable[SpinePath]) -> None:
        begun = self.measure_start
        self.short += sum(path.spine.kind == KERN and begun < path.end < start for path in paths)

    def _lay_barline(self, start: int) -> None:
        self._at_barline = False
        if not self.barlines or start > self.measure_start:
            self.barlines.append(FoundBarline(start, self._last, self._whole))

    def _agree(self, ends: Sequence[int], paths: Iterable[SpinePath]) -> int:
        awake = [end for end in ends if end > self._last]
        if not awake:
            sounding = (path.end for path in paths if path.spine.kind == KERN)
            return min((end for end in sounding if end > self._last), default=max(self._last, 0))
        if len(set(awake)) > 1:
            self.apart += 1
        return max(set(awake), key=lambda end: (awake.count(end), end))
