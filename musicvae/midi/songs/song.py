"""A song on the grid: what every other module takes and gives.

Conventions
-----------
Time is counted in *steps* of the grid from the beginning of the song, never in seconds.
A *beat* is a quarter note in every meter. Pitches are MIDI numbers 0..127 (60 is middle C;
a drum's "pitch" is its General MIDI key), velocities 1..127.

Every measure is whole: a pick-up is the tail of a full first measure that begins in silence,
and the song ends where its last measure ends.

Within a part, two notes of the same pitch never overlap, so a piano roll with an onset plane
says everything about a song but its velocities. `musicvae.midi.songs.notes.tidy_notes` makes any notes so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.notes import NOTE, check_notes, sort_notes

DEFAULT_BPM = 120.0
MAX_MEASURES = 200_000  # of any song that is read or made
MOST_STEPS = 110_880  # a beat: they hold tuplets of up to 12 notes within each other


@dataclass(frozen=True)
class Grid:
    """How beats are cut into steps.

    Parameters
    ----------
    steps_per_beat : int
        Steps per quarter note: 4 gives sixteenths, 24 triplets, 32nds and sextuplets too.
    """

    steps_per_beat: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.steps_per_beat <= MOST_STEPS:
            raise ValueError(f"steps per beat must be between 1 and {MOST_STEPS}, got {self.steps_per_beat}")

    @property
    def sixteenth(self) -> int:
        """Steps of a sixteenth; 1 where there is none."""
        return 1 if self.steps_per_beat % 4 else self.steps_per_beat // 4


FINE_GRID = Grid(24)  # that all music is laid on, unless another is asked for


@dataclass(frozen=True, order=True)
class Meter:
    """A time signature, such as Meter(6, 8)."""

    numerator: int = 4
    denominator: int = 4

    def __post_init__(self) -> None:
        power_of_two = self.denominator > 0 and self.denominator & (self.denominator - 1) == 0
        if self.numerator < 1 or not power_of_two:
            raise ValueError(f"not a meter: {self.numerator}/{self.denominator}")

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    @classmethod
    def parse(cls, text: str) -> Meter:
        """Return the meter written as "3/4". Inverse of str.

        Raises
        ------
        ValueError
            If the text is not two numbers around a slash, or not a meter.
        """
        try:
            numerator, denominator = (int(number) for number in text.split("/"))
        except ValueError:
            raise ValueError(f"not a meter: {text!r} (write it as 3/4)") from None
        return cls(numerator, denominator)

    def fits(self, grid: Grid) -> bool:
        """Say whether a measure of this meter is a whole number of steps."""
        return 4 * grid.steps_per_beat * self.numerator % self.denominator == 0

    def steps(self, grid: Grid) -> int:
        """Return the steps in one measure.

        Raises
        ------
        ValueError
            If that is not a whole number.
        """
        if not self.fits(grid):
            raise ValueError(f"{self} lasts no whole number of steps at {grid.steps_per_beat} a beat")
        return 4 * grid.steps_per_beat * self.numerator // self.denominator


def parse_meters(meter: str | Sequence[str] | Song, measures: int) -> tuple[Meter, ...]:
    """Return the meter of each of so many measures, given one for all, one for each, or a song that has them.

    Raises
    ------
    ValueError
        If there are as many neither of measures nor one.
    """
    meters = meter.meters if isinstance(meter, Song) else meter
    names = [meters] * measures if isinstance(meters, str) else list(map(str, meters))
    if len(names) != measures:
        raise ValueError(f"{measures} measures need as many meters, got {len(names)}")
    return tuple(Meter.parse(name) for name in names)


@dataclass(frozen=True)
class Part:
    """One part of an ensemble, or one track of a file.

    Parameters
    ----------
    name : str
        Such as "soprano"; becomes the track name.
    program : int
        General MIDI program, 0..127.
    is_drums : bool
        Whether pitches are drum keys (MIDI channel 10), which are never transposed.
    """

    name: str
    program: int = 0
    is_drums: bool = False


class Tempo(NamedTuple):
    """A tempo from a step on, in quarter notes per minute."""

    step: int
    bpm: float


class Marker(NamedTuple):
    """A text at a step, shown by sequencers above the measures."""

    step: int
    text: str


@dataclass(frozen=True, eq=False)
class Song:
    """Notes on a grid, in measures and parts.

    Parameters
    ----------
    notes : np.ndarray of NOTE, shape (notes,)
        In any order; kept sorted by start, part and pitch.
    meters : tuple of Meter
        One for each measure; their number is the number of measures.
    parts : tuple of Part
    grid : Grid
    tempi : tuple of Tempo
        In order of steps; a song without any is played at 120.
    markers : tuple of Marker
        In any order; kept in order of steps.
    title : str

    Raises
    ------
    ValueError
        If a note lies outside the measures, the parts or the MIDI range, or two notes of one
        pitch and part overlap (see `tidy_notes`).
    """

    notes: np.ndarray
    meters: tuple[Meter, ...]
    parts: tuple[Part, ...]
    grid: Grid = field(default_factory=Grid)
    tempi: tuple[Tempo, ...] = ()
    markers: tuple[Marker, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        notes = sort_notes(np.asarray(self.notes, dtype=NOTE))
        notes.flags.writeable = False
        object.__setattr__(self, "notes", notes)
        object.__setattr__(self, "markers", tuple(sorted(self.markers, key=lambda marker: marker.step)))
        if len(notes):
            check_notes(notes, self.steps, len(self.parts))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Song):
            return NotImplemented
        return np.array_equal(self.notes, other.notes) and all(
            getattr(self, name) == getattr(other, name)
            for name in ("meters", "parts", "grid", "tempi", "markers", "title")
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        title = f"{self.title!r}: " if self.title else ""
        return f"<Song {title}{self.measures} measures, {len(self.notes)} notes, {len(self.parts)} parts>"

    @property
    def measures(self) -> int:
        """Number of measures, N."""
        return len(self.meters)

    @cached_property
    def measure_starts(self) -> np.ndarray:
        """Step at which each measure begins, and where the last one ends, shape (N + 1,); read-only."""
        starts = np.cumsum([0, *(meter.steps(self.grid) for meter in self.meters)], dtype=np.int64)
        starts.flags.writeable = False
        return starts

    @property
    def steps(self) -> int:
        """Steps in the whole song."""
        return int(self.measure_starts[-1])

    @property
    def bpm(self) -> float:
        """Tempo at the beginning, in quarter notes per minute."""
        return self.tempi[0].bpm if self.tempi and self.tempi[0].step == 0 else DEFAULT_BPM

    def cut(self, first: int, last: int) -> Song:
        """Return measures `first` up to, not including, `last` as a song of their own.

        A note that is already sounding when `first` begins is left out, since its onset is
        elsewhere; a note that sounds past `last` is cut off there.
        """
        if not 0 <= first < last <= self.measures:
            raise ValueError(f"no measures {first} to {last} in a song of {self.measures}")
        begin, end = self.measure_starts[[first, last]].tolist()
        inside = (self.notes["start"] >= begin) & (self.notes["start"] < end)
        notes = self.notes[inside].copy()
        notes["length"] = np.minimum(notes["length"], end - notes["start"])
        notes["start"] -= begin
        before = [tempo for tempo in self.tempi if tempo.step <= begin][-1:]
        later = [tempo for tempo in self.tempi if begin < tempo.step < end]
        return replace(
            self,
            notes=notes,
            meters=self.meters[first:last],
            tempi=tuple(Tempo(max(0, step - begin), bpm) for step, bpm in (*before, *later)),
            markers=tuple(Marker(step - begin, text) for step, text in self.markers if begin <= step < end),
        )

    def from_first_note(self) -> Song:
        """Return the song without the silent measures at its beginning."""
        first = np.searchsorted(self.measure_starts, self.notes["start"][:1], side="right") - 1
        return self.cut(int(first[0]), self.measures) if first.any() else self

    def opening(self, measures: int) -> Song:
        """Return the first measures, or the whole song if it has no more."""
        return self.cut(0, min(measures, self.measures))
