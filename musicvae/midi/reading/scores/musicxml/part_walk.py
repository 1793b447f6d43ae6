"""The walk over one part of a score, measure by measure.

Conventions
-----------
Times are units of the score's clock; those of chord symbols, dynamics and lyrics are ticks at once, since
nothing changes them later. The elements of a measure move a place in it, notes and rests forward, backups
back; the measure is as long as that ever gets. Damaged elements are left out and counted.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from musicvae.midi.reading.scores.musicxml.directions import (
    mark_velocity,
    metronome_tempo,
    percent_velocity,
    sound_tempo,
)
from musicvae.midi.reading.scores.musicxml.document.part_list import ListedPart
from musicvae.midi.reading.scores.musicxml.harmony import read_harmony
from musicvae.midi.reading.scores.musicxml.lyrics import first_verse
from musicvae.midi.reading.scores.musicxml.note_pitch import DrumKit, Said, pitch_of
from musicvae.midi.reading.scores.musicxml.part_attributes import PartAttributes, WrittenKey
from musicvae.midi.reading.scores.musicxml.ties import WrittenNote
from musicvae.midi.reading.scores.score_walk import BY_DYNAMICS, ChordMark, DynamicMark
from musicvae.midi.songs.song import Meter
from musicvae.midi.songs.source import TextAt

_DAMAGED = (ValueError, KeyError, TypeError, ArithmeticError)  # what a word for a number, or nothing, raises


class WrittenTempo(NamedTuple):
    """A tempo: its place, whether it is a mark, which counts less than a sound, and its bpm."""

    start: int
    is_mark: bool
    bpm: float


class PartWalker:
    """What one part of a score says; `walk_measure` gathers it.

    Parameters
    ----------
    listed : ListedPart
    attributes : PartAttributes
    drums : DrumKit
    noticed : Counter of str
        How often each thing was guessed or left out; of all parts.
    """

    def __init__(
        self, listed: ListedPart, attributes: PartAttributes, drums: DrumKit, noticed: Counter[str]
    ) -> None:
        self.listed, self.attributes = listed, attributes
        self.notes: list[WrittenNote] = []
        self.chords: list[ChordMark] = []
        self.dynamics: list[DynamicMark] = []
        self.lyrics: list[TextAt] = []
        self.tempi: list[WrittenTempo] = []
        self.keys: list[tuple[int, WrittenKey]] = []
        self.meter: Meter | None = None  # of the measure
        self._drums, self._noticed = drums, noticed
        self._start = self._place = self._reach = self._onset = 0
        self._first = 0  # note of the measure
        self._steps: dict[str, Callable[[ET.Element], None]] = {
            **{"note": self._walk_note, "backup": self._walk_backup, "forward": self._walk_forward},
            **{"attributes": self._walk_attributes, "direction": self._walk_direction},
            **{"sound": self._walk_sound, "harmony": self._walk_harmony},
        }

    def walk_measure(self, measure: ET.Element, start: int) -> int:
        """Gather what a measure says that starts there, and return its length.

        Raises
        ------
        SongError
            If something in it is longer than any music.
        """
        self._start = self._place = self._reach = self._onset = start
        self._first = len(self.notes)
        self.meter = self.attributes.meter
        for element in measure:
            step = self._steps.get(element.tag)
            if step is not None:
                try:
                    step(element)
                except _DAMAGED:
                    self._noticed[f"damaged <{element.tag}> left out"] += 1
        return self._reach - start

    def end_measure(self, end: int) -> None:
        """End the measure there: what is tied over the barline lasts until the barline.

        Parameters
        ----------
        end : int
            Another place than the part's own end of the measure where other parts are longer or shorter.
        """
        if end == self._reach:
            return
        for index in range(self._first, len(self.notes)):
            note = self.notes[index]
            if note.starts_tie and note.end == self._reach and note.start < end:
                self.notes[index] = note._replace(end=end)

    def _walk_note(self, element: ET.Element) -> None:
        said = {child.tag: child for child in element}
        length = 0 if "grace" in said else self._length(said["duration"].text)
        if "chord" not in said:
            self._onset = self._place
            self._move(length)
        if "rest" in said:
            return
        if "cue" in said:
            self._noticed["cue notes left out, which do not sound"] += 1
            return
        if length == 0 and "grace" not in said:
            self._noticed["notes of no length taken for grace notes"] += 1
        pitch, is_drum = self._pitch(said)
        ties = _ties(element, said)
        voice = (said["voice"].text or "") if "voice" in said else ""
        own = percent_velocity(element.get("dynamics")) or BY_DYNAMICS
        starts, stops = "start" in ties, "stop" in ties
        end = self._onset + length
        self.notes.append(WrittenNote(self._onset, end, pitch, own, is_drum, voice, starts, stops))
        for notations in element.iterfind("notations"):
            self._mark_dynamics(notations, self._onset)
        if "lyric" in said and (syllable := first_verse(element.iterfind("lyric"))):
            self.lyrics.append(TextAt(self._tick(self._onset), syllable))

    def _pitch(self, said: Said) -> tuple[int, bool]:
        """Return the sounding pitch or drum key of a note, and whether it is a drum."""
        if "unpitched" in said:
            return self._drums.key(said), True
        pitch = pitch_of(said, self._noticed)
        if self._drums.plays_pitches and (key := self._drums.key_of_pitch(said, pitch)) is not None:
            return key, True
        staff = (said["staff"].text or "") if "staff" in said else ""
        return pitch + self.attributes.transposition(staff).semitones, False

    def _walk_backup(self, element: ET.Element) -> None:
        self._move(-self._length(element.findtext("duration")))

    def _walk_forward(self, element: ET.Element) -> None:
        self._move(self._length(element.findtext("duration")))

    def _length(self, text: str | None) -> int:
        length = self.attributes.clock.to_units(text, self.attributes.per_division)
        if length < 0:
            raise ValueError(f"not a length: {text}")
        return length

    def _move(self, length: int) -> None:
        self._place += length
        if self._place < self._start:
            self._place = self._start
            self._noticed["steps back beyond the beginning of a measure"] += 1
        self._reach = max(self._reach, self._place)

    def _walk_attributes(self, element: ET.Element) -> None:
        try:
            self.attributes.read(element)
        finally:
            if self._place == self._start:  # further on, it is the meter of the next measure
                self.meter = self.attributes.meter
            key = self.attributes.key
            if key is not None and (not self.keys or self.keys[-1][1] != key):
                self.keys.append((self._place, key))

    def _walk_direction(self, element: ET.Element) -> None:
        offset = self._offset(element)
        sound = element.find("sound")
        has_mark = element.find("direction-type/dynamics") is not None
        if sound is not None:  # an offset is of what is drawn, unless it says otherwise
            moved = offset if element.find("offset[@sound='yes']") is not None else 0
            self._walk_sound(sound, moved, has_mark)
        for metronome in element.iterfind("direction-type/metronome") if sound_tempo(sound) is None else ():
            if (bpm := metronome_tempo(metronome)) is not None:
                self.tempi.append(WrittenTempo(self._place + offset, True, bpm))
        for written in element.iterfind("direction-type") if has_mark else ():
            self._mark_dynamics(written, self._place + offset)

    def _walk_sound(self, sound: ET.Element, moved: int = 0, has_mark: bool = False) -> None:
        place = self._place + (moved or self._offset(sound))
        if (bpm := sound_tempo(sound)) is not None:
            self.tempi.append(WrittenTempo(place, False, bpm))
        # Beside a mark the mark counts, so that "f" is as loud in the scores of all programs.
        if not has_mark and (velocity := percent_velocity(sound.get("dynamics"))) is not None:
            self.dynamics.append(DynamicMark(self._tick(place), velocity))
        if sound.find("midi-instrument") is not None:
            self._noticed["changes of instrument left out"] += 1

    def _mark_dynamics(self, element: ET.Element, place: int) -> None:
        for dynamics in element.iter("dynamics"):
            if (velocity := mark_velocity(dynamics)) is not None:
                self.dynamics.append(DynamicMark(self._tick(place), velocity))

    def _walk_harmony(self, element: ET.Element) -> None:
        semitones = self.attributes.transposition(element.findtext("staff") or "").semitones
        pitches = read_harmony(element, semitones, self._noticed)
        if pitches is not None:
            self.chords.append(ChordMark(self._tick(self._place + self._offset(element)), pitches))

    def _tick(self, place: int) -> int:
        return self.attributes.clock.to_ticks(place)

    def _offset(self, element: ET.Element) -> int:
        """Return how far behind its place an element stands, never before the measure."""
        text = element.findtext("offset")
        if text is None:
            return 0
        units = self.attributes.clock.to_units(text, self.attributes.per_division)
        return max(units, self._start - self._place)


def _ties(element: ET.Element, said: Said) -> list[str | None]:
    """Return which ends of ties are at a note; what is drawn counts where nothing is said to sound."""
    if "tie" in said:
        return [tie.get("type") for tie in element.iterfind("tie")]
    return [tied.get("type") for tied in element.iterfind("notations//tied")]
