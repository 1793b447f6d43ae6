"""A song on the grid: what every other module takes and gives.

Conventions
-----------
Time is counted in *steps* of the grid from the beginning of the song, never in seconds.
A *beat* is a quarter note in every meter. Pitches are MIDI numbers 0..127 (60 is middle C;
a drum's "pitch" is its General MIDI key), velocities 1..127.

Every measure is whole: a pick-up is the tail of a full first measure that begins in silence,
and the song ends where its last measure ends.

Within a part, two notes of the same pitch never overlap, so a piano roll with an onset plane
says everything about a song but its velocities. `tidy_notes` makes any notes so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pretty_midi

NOTE = np.dtype(
    [
        ("start", np.int32),  # steps from the beginning of the song
        ("length", np.int32),  # steps, 1 or more
        ("pitch", np.int16),
        ("velocity", np.int16),
        ("part", np.int16),  # index into Song.parts
    ]
)

DEFAULT_VELOCITY = 80
DEFAULT_BPM = 120.0


@dataclass(frozen=True)
class Grid:
    """How beats are cut into steps.

    Parameters
    ----------
    steps_per_beat : int
        Steps per quarter note: 4 gives sixteenths, 12 holds triplets too.
    """

    steps_per_beat: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.steps_per_beat <= 96:
            raise ValueError(f"steps per beat must be between 1 and 96, got {self.steps_per_beat}")


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
            raise ValueError(
                f"a measure of {self} is no whole number of steps at {grid.steps_per_beat} a beat"
            )
        return 4 * grid.steps_per_beat * self.numerator // self.denominator


@dataclass(frozen=True)
class Part:
    """One voice of the ensemble.

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


def make_notes(rows: Iterable[Sequence[int]]) -> np.ndarray:
    """Return rows of (start, length, pitch, velocity, part) as an array of NOTE, shape (notes,)."""
    return np.array([tuple(row) for row in rows], dtype=NOTE)


def sort_notes(notes: np.ndarray) -> np.ndarray:
    """Return the notes by start, then part, then pitch: the order of every Song."""
    key = notes["start"].astype(np.int64) << 24 | _lane(notes)
    return notes if np.all(key[1:] >= key[:-1]) else notes[np.argsort(key, kind="stable")]


def tidy_notes(notes: np.ndarray) -> np.ndarray:
    """Return sorted notes in which no two of one pitch and part overlap.

    Of notes that begin together the longest stays; a note that still sounds when its pitch is
    struck again ends there (first in, first out).

    Parameters
    ----------
    notes : np.ndarray of NOTE, shape (notes,)

    Returns
    -------
    np.ndarray of NOTE, shape (notes kept,)
    """
    # By part and pitch, then start, the longest first: what overlaps lies side by side.
    notes = notes[np.lexsort((-notes["length"], _lane_and_start(notes)))]
    at = _lane_and_start(notes)
    doubled = at[1:] == at[:-1]
    if doubled.any():
        kept = np.flatnonzero(np.concatenate([[True], ~doubled]))
        notes, at = notes[kept], at[kept]
    same_lane = at[1:] >> 32 == at[:-1] >> 32
    until_next = np.where(same_lane, at[1:] - at[:-1], np.iinfo(np.int32).max)
    notes["length"][:-1] = np.minimum(notes["length"][:-1], until_next)
    return sort_notes(notes)


def _lane(notes: np.ndarray) -> np.ndarray:
    """Part and pitch as one number, in this order."""
    return notes["part"].astype(np.int64) << 8 | notes["pitch"]


def _lane_and_start(notes: np.ndarray) -> np.ndarray:
    return _lane(notes) << 32 | notes["start"]


def _is_tidy(notes: np.ndarray) -> bool:
    """Say whether sorted notes of one pitch and part nowhere overlap."""
    order = np.argsort(_lane(notes), kind="stable")
    lane, start = _lane(notes)[order], notes["start"][order]
    end = start + notes["length"][order]
    return not bool(np.any((lane[1:] == lane[:-1]) & (end[:-1] > start[1:])))


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
        if len(notes):
            self._check(notes)

    def _check(self, notes: np.ndarray) -> None:
        if notes["start"].min() < 0 or (notes["start"] + notes["length"]).max() > self.steps:
            raise ValueError(f"every note must lie within the {self.steps} steps of the song's measures")
        if notes["length"].min() < 1:
            raise ValueError("every note must last a step or more")
        if notes["pitch"].min() < 0 or notes["pitch"].max() > 127:
            raise ValueError("pitches must lie between 0 and 127")
        if notes["velocity"].min() < 1 or notes["velocity"].max() > 127:
            raise ValueError("velocities must lie between 1 and 127")
        if notes["part"].min() < 0 or notes["part"].max() >= len(self.parts):
            raise ValueError(f"every note must belong to one of the {len(self.parts)} parts")
        if not _is_tidy(notes):
            raise ValueError(
                "two notes of one pitch and part overlap: pass the notes through tidy_notes first"
            )

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

    @property
    def measure_starts(self) -> np.ndarray:
        """Step at which each measure begins, and where the last one ends, shape (N + 1,)."""
        steps = [meter.steps(self.grid) for meter in self.meters]
        return np.concatenate([[0], np.cumsum(steps, dtype=np.int64)])

    @property
    def steps(self) -> int:
        """Steps in the whole song."""
        return sum(meter.steps(self.grid) for meter in self.meters)

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
        starts = self.measure_starts
        begin, end = int(starts[first]), int(starts[last])
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

    def opening(self, measures: int) -> Song:
        """Return the first measures, or the whole song if it has no more."""
        return self.cut(0, min(measures, self.measures))

    def to_pretty_midi(self) -> pretty_midi.PrettyMIDI:
        """Return the song as a PrettyMIDI; see `musicvae.midi.pretty.song_to_pretty_midi`."""
        from musicvae.midi.pretty import song_to_pretty_midi  # here, since pretty_midi is slow to import

        return song_to_pretty_midi(self)

    @classmethod
    def from_pretty_midi(cls, midi: pretty_midi.PrettyMIDI, grid: Grid | None = None) -> Song:
        """Return a PrettyMIDI as a song on the grid; see `musicvae.midi.pretty.song_from_pretty_midi`.

        Without a grid, on sixteenths.
        """
        from musicvae.midi.pretty import song_from_pretty_midi  # here, since pretty_midi is slow to import

        return song_from_pretty_midi(midi, grid or Grid())


def join_songs(songs: Sequence[Song], titles: Sequence[str] = ()) -> Song:
    """Return the songs one after another, each with its title as a marker where it begins.

    Parameters
    ----------
    songs : sequence of Song
        One or more, of one grid and the same parts.
    titles : sequence of str
        A marker for each song; none are written when it is empty.

    Raises
    ------
    ValueError
        If there is no song, or grids or parts differ.
    """
    if not songs:
        raise ValueError("no songs to join")
    if any(song.grid != songs[0].grid or song.parts != songs[0].parts for song in songs):
        raise ValueError("only songs of one grid and the same parts can be joined")
    notes, tempi, markers, begin = [], [], [], 0
    for index, song in enumerate(songs):
        moved = song.notes.copy()
        moved["start"] += begin
        notes.append(moved)
        own_tempi = song.tempi or (Tempo(0, DEFAULT_BPM),)
        tempi += [Tempo(begin + step, bpm) for step, bpm in own_tempi]
        if titles:
            markers.append(Marker(begin, titles[index]))
        markers += [Marker(begin + step, text) for step, text in song.markers]
        begin += song.steps
    changes = tempi[:1] + [now for before, now in pairwise(tempi) if before.bpm != now.bpm]
    return replace(
        songs[0],
        notes=np.concatenate(notes),
        meters=tuple(meter for song in songs for meter in song.meters),
        tempi=tuple(changes),
        markers=tuple(markers),
    )
