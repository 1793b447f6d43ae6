"""The notes of a file, given those that a model has heard of it: what the model cannot say.

Of each note that was heard it is told whether the file has it, in which track, how many ticks it begins and
ends beside its step, and how hard it is struck; then come the notes that were not heard, track by track. All
of it by a plain model (`core.compression.adaptive_coding`) and by one routine for both ways, which is handed
the notes or none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from musicvae.core.compression.adaptive_coding import AdaptiveCoder
from musicvae.core.compression.byte_fields import damaged
from musicvae.midi.songs.source import NO_NOTES, SOURCE_NOTE

# Names of what is told: that which a score does not tell, and the rest.
_VELOCITY, _TIMING = "velocity", "early or late"
_HEARD, _TRACK, _COUNT, _REPEATS = "whether a note was heard", "track", "notes not heard", "repeats"
_WAIT, _PITCH, _LENGTH = "wait", "pitch", "length"
TOUCH = (_VELOCITY, _TIMING)
BESIDE = (_HEARD, _TRACK, _COUNT, _REPEATS, _WAIT, _PITCH, _LENGTH)
FAR = 4  # a note that was heard is one of the file within so much of a beat, 1 / FAR
_VELOCITIES, _PITCHES = 128, 128
_USUAL_VELOCITY, _USUAL_PITCH = 80, 60
_REMEMBERED = 3  # notes by which it is told what came after them before: music repeats
_LONGEST_STREAK = 8
_LATEST = 1 << 40  # tick


class ExpectedNote(NamedTuple):
    """A note that was heard, where the file would have it."""

    start: int  # units
    end: int
    pitch: int
    part: int  # of the model


class NoteBounds(NamedTuple):
    """What is known of the notes of a file before they are told."""

    notes: int
    tracks: int
    beat: int  # units
    unit: int  # ticks, of which all times are multiples


class _Note(NamedTuple):
    """A note of a file: a row of SOURCE_NOTE."""

    start: int = 0
    end: int = 0
    pitch: int = 0
    velocity: int = 0
    track: int = 0


class _Step(NamedTuple):
    """A note of a track, by when it begins after the one before."""

    wait: int
    pitch: int
    length: int


def sort_rows(notes: np.ndarray) -> np.ndarray:
    """Return notes (SOURCE_NOTE) in the order in which they come back."""
    fields = ("velocity", "end", "pitch", "track", "start")
    return notes[np.lexsort([notes[name] for name in fields])]


def tell_notes(
    coder: AdaptiveCoder, expected: Sequence[ExpectedNote], bounds: NoteBounds, notes: np.ndarray = NO_NOTES
) -> np.ndarray:
    """Hand over the notes of a file.

    Parameters
    ----------
    coder : AdaptiveCoder
    expected : sequence of ExpectedNote
        In order of their starts, in units of `bounds`.
    bounds : NoteBounds
    notes : np.ndarray of SOURCE_NOTE
        Left out where they are read.

    Returns
    -------
    np.ndarray of SOURCE_NOTE
        All of them, in the order of `sort_rows`.

    Raises
    ------
    PacketError
        If no notes can be these.
    """
    rows = notes.copy()
    for name in ("start", "end"):
        rows[name] //= bounds.unit
    known = [_Note(*row) for row in sort_rows(rows).tolist()]
    found = _match(expected, known, bounds.beat // FAR)
    teller = _Teller(coder, bounds.tracks)
    pairs = zip(expected, found, strict=True)
    told = [teller.heard(note, None if index is None else known[index]) for note, index in pairs]
    every = [note for note in told if note is not None]
    taken = set(found)
    unheard: list[list[_Note]] = [[] for _ in range(bounds.tracks)]
    for left in (note for index, note in enumerate(known) if index not in taken):
        unheard[left.track].append(left)
    for track, notes_of_track in enumerate(unheard):
        every += teller.unheard(track, notes_of_track, bounds.notes - len(every))
    return sort_rows(_to_rows(every, bounds.unit))


def _to_rows(notes: Sequence[_Note], unit: int) -> np.ndarray:
    """Return notes as rows in ticks.

    Raises
    ------
    PacketError
        If no file can have such notes.
    """
    try:
        rows = np.array(notes, np.int64).reshape(-1, len(_Note._fields))
    except OverflowError as error:
        raise damaged() from error
    rows[:, :2] *= unit
    start, end, pitch, velocity, _ = rows.T
    sound = (start <= end) & (end < _LATEST) & (pitch < _PITCHES) & (velocity < _VELOCITIES)
    if not (sound & (rows >= 0).all(1)).all():
        raise damaged()
    return np.array([tuple(row) for row in rows.tolist()], SOURCE_NOTE)


def _match(expected: Sequence[ExpectedNote], known: Sequence[_Note], far: int) -> list[int | None]:
    """Return for each note that was heard the nearest of the file's, none of them twice, or None."""
    by_pitch: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, note in enumerate(known):
        by_pitch[note.pitch].append((note.start, index))
    for starts in by_pitch.values():
        starts.sort()
    track_of: dict[int, int] = {}
    found: list[int | None] = []
    for heard in expected:
        starts = by_pitch[heard.pitch]
        place = _find_nearest(heard, starts, known, far, track_of.get(heard.part))
        if place is None:
            found.append(None)
            continue
        _, index = starts.pop(place)
        found.append(index)
        track_of[heard.part] = known[index].track
    return found


def _find_nearest(
    heard: ExpectedNote,
    starts: Sequence[tuple[int, int]],
    known: Sequence[_Note],
    far: int,
    track: int | None,
) -> int | None:
    """Return which of some notes, by start and index, is nearest to one that was heard, best in a track."""
    first, after = (
        bisect_left(starts, (heard.start - far, 0)),
        bisect_left(starts, (heard.start + far + 1, 0)),
    )

    def how_far(place: int) -> tuple[int, ...]:
        note = known[starts[place][1]]
        return abs(note.start - heard.start), int(note.track != track), abs(note.end - heard.end)

    return min(range(first, after), key=how_far, default=None)


class _Teller:
    """Hands notes over one by one, and remembers what it takes to tell the next one shortly."""

    def __init__(self, coder: AdaptiveCoder, tracks: int) -> None:
        self._coder, self._tracks = coder, tracks
        self._velocity = [_USUAL_VELOCITY] * tracks
        self._last = ExpectedNote(-1, -1, 0, 0)
        self._late = 0
        self._after: dict[tuple[_Step, ...], _Step] = {}
        self._streak = 0  # of notes that came as expected

    def heard(self, expected: ExpectedNote, said: _Note | None) -> _Note | None:
        """Hand over what became of a note that was heard; None: the file has none like it."""
        part = expected.part
        if not self._coder.symbol((_HEARD, part), 2, int(said is not None)):
            return None
        note = said or _Note()
        track = self._coder.symbol((_TRACK, part), self._tracks, note.track)
        together = expected.start == self._last.start
        usual = expected.start + (self._late if together else 0)
        start = usual + self._coder.signed((_TIMING, track, together), note.start - usual)
        self._last, self._late = expected, start - expected.start
        end = expected.end + self._coder.signed((_TIMING, track, "end"), note.end - expected.end)
        return _Note(start, end, expected.pitch, self._touch(track, note.velocity), track)

    def unheard(self, track: int, said: Sequence[_Note], most: int) -> list[_Note]:
        """Hand over the notes of a track that were not heard, in order of their starts."""
        count = self._coder.number((_COUNT,), len(said))
        if count > most:
            raise damaged()
        notes = list[_Note]()
        before: tuple[_Step, ...] = ()
        start, last = 0, _Step(0, _USUAL_PITCH, 0)
        for number in range(count):
            note = said[number] if said else _Note()
            step = _Step(note.start - start, note.pitch, note.end - note.start)
            last = self._step(track, before, last, step)
            before = (*before, last)[-_REMEMBERED:]
            start += last.wait
            velocity = self._touch(track, note.velocity)
            notes.append(_Note(start, start + last.length, last.pitch, velocity, track))
        return notes

    def _step(self, track: int, before: tuple[_Step, ...], last: _Step, said: _Step) -> _Step:
        """Hand over the next note of a track: first whether it is what came after those before last time."""
        coder, expected = self._coder, self._after.get(before)
        context = (_REPEATS, min(self._streak, _LONGEST_STREAK))
        if expected is not None and coder.symbol(context, 2, int(said == expected)):
            self._streak += 1
            return expected
        self._streak = 0
        wait = coder.number((_WAIT, track), said.wait)
        pitch = last.pitch + coder.signed((_PITCH, track, wait > 0), said.pitch - last.pitch)
        step = self._after[before] = _Step(wait, pitch, coder.number((_LENGTH, track), said.length))
        return step

    def _touch(self, track: int, velocity: int) -> int:
        before = self._velocity[track]
        now = before + self._coder.signed((_VELOCITY, track), velocity - before)
        self._velocity[track] = now
        return now
