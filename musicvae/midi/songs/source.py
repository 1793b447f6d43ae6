"""What a file says before it is laid on a grid: notes in ticks, as found.

Conventions
-----------
Times are *ticks*, `ticks_per_beat` to the quarter note. Every reader (MIDI, MusicXML, ABC,
Humdrum) makes Sources; `quantise` turns one into a Song.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Meter, Part

SOURCE_NOTE = np.dtype(
    [
        ("start", np.int64),  # ticks
        ("end", np.int64),  # ticks; equal to start for notes written with no length (grace notes)
        ("pitch", np.int16),
        ("velocity", np.int16),
        ("track", np.int16),  # index into Source.tracks
    ]
)


NO_NOTES = np.empty(0, SOURCE_NOTE)
PEDAL = np.dtype(
    [
        ("start", np.int64),  # ticks
        ("end", np.int64),
        ("track", np.int16),  # index into Source.tracks
    ]
)


class MeterChange(NamedTuple):
    """A meter from a tick on."""

    tick: int
    meter: Meter


class TempoChange(NamedTuple):
    """A tempo from a tick on, in quarter notes per minute."""

    tick: int
    bpm: float


class KeyChange(NamedTuple):
    """A key signature from a tick on, named such as "G major" or "F# minor"."""

    tick: int
    key: str


class TextAt(NamedTuple):
    """A text at a tick."""

    tick: int
    text: str


class Lyric(NamedTuple):
    """A syllable that a track sings at a tick; one that its word goes on after ends in "-"."""

    tick: int
    text: str
    track: int  # -1 if no track is known to sing it


@dataclass(frozen=True, eq=False)
class Source:
    """One piece of music as its file tells it.

    Parameters
    ----------
    notes : np.ndarray of SOURCE_NOTE, shape (notes,)
        Sorted by start.
    tracks : tuple of Part
        One for each instrument of the file, in the file's order; a track of a MIDI file that
        plays on several channels or with several programs counts as several.
    ticks_per_beat : int
    meters : tuple of MeterChange
        In order of ticks; empty where the file says none (4/4 is meant).
    tempi : tuple of TempoChange
        In order of ticks; empty where the file says none (120 is meant).
    markers : tuple of TextAt
        In order of ticks.
    title, composer : str
        "" where the file says none; several composers are separated by semicolons.
    keys : tuple of KeyChange
        In order of ticks; empty where the file gives no key signature.
    lyrics : tuple of Lyric
        In order of ticks.
    pedals : np.ndarray of PEDAL, shape (pedals,)
        From when to when the sustain pedal of a track is down.
    is_barred : bool
        Whether the meters lay whole measures, as those of a score do: its pick-up is filled up already.
    notices : tuple of Notice
        What was mended, guessed or dropped while reading.
    damage : str
        Why the file could not be read as it stands, so that music may be missing; "" if it is sound.
    """

    notes: np.ndarray
    tracks: tuple[Part, ...]
    ticks_per_beat: int
    meters: tuple[MeterChange, ...] = ()
    tempi: tuple[TempoChange, ...] = ()
    markers: tuple[TextAt, ...] = ()
    title: str = ""
    composer: str = ""
    keys: tuple[KeyChange, ...] = ()
    lyrics: tuple[Lyric, ...] = ()
    pedals: np.ndarray = field(default_factory=lambda: np.empty(0, PEDAL))
    is_barred: bool = False
    notices: tuple[Notice, ...] = ()
    damage: str = ""

    @property
    def singer(self) -> int | None:
        """The track that most words are sung in, None if there is none."""
        singers = [lyric.track for lyric in self.lyrics if lyric.track >= 0]
        return max(sorted(set(singers)), key=singers.count, default=None)

    @property
    def key(self) -> str:
        """The key signature of the beginning, "" if there is none."""
        return self.keys[0].key if self.keys else ""

    def divide_ticks(self, divisor: int) -> Source:
        """Return it with so many times fewer ticks to the beat; all its times fall on these."""
        notes, pedals = self.notes.copy(), self.pedals.copy()
        for spans in (notes, pedals):
            for time in ("start", "end"):
                spans[time] //= divisor
        return replace(
            self,
            notes=notes,
            pedals=pedals,
            ticks_per_beat=self.ticks_per_beat // divisor,
            meters=tuple(MeterChange(tick // divisor, meter) for tick, meter in self.meters),
            tempi=tuple(TempoChange(tick // divisor, bpm) for tick, bpm in self.tempi),
            markers=tuple(TextAt(tick // divisor, text) for tick, text in self.markers),
            keys=tuple(KeyChange(tick // divisor, key) for tick, key in self.keys),
            lyrics=tuple(Lyric(tick // divisor, text, track) for tick, text, track in self.lyrics),
        )
