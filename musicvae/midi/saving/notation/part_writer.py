"""One part of a song as the measures of a MusicXML part."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from operator import attrgetter
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from musicvae.midi.saving.notation.annotations import Annotations, lay_syllables
from musicvae.midi.saving.notation.elements import (
    NoteHead,
    NoteLook,
    Syllable,
    move,
    say,
    write_grace,
    write_note,
)
from musicvae.midi.saving.notation.note_values import write_length
from musicvae.midi.saving.notation.spelling import spell_pitch
from musicvae.midi.saving.notation.voices import StaffChord, share_graces, split_hands, split_voices
from musicvae.midi.songs.drum_staff import line_of_drum
from musicvae.midi.songs.instruments import FAMILIES, instrument_name
from musicvae.midi.songs.key import Signature
from musicvae.midi.songs.measure_notes import MeasureNotes, split_measures
from musicvae.midi.songs.song import Marker, Song, Tempo

_KEYBOARDS = frozenset(f"{FAMILIES['piano']}, {FAMILIES['organ']}".split(", "))
_SMALLEST_DIVISIONS = 192  # hold every note value
_BASS_CLEF_BELOW = 57  # mean pitch
_VOICES_OF_A_STAFF = 4


class _Staff(NamedTuple):
    """The notes of a staff by measures, and its clef: a sign and the line on which it stands."""

    measures: list[MeasureNotes]
    clef: tuple[str, int]


class PartWriter:
    """Writes the measures of a part.

    Parameters
    ----------
    element : Element
        The part of the document, empty.
    song : Song
    number : int
        Of the part. The first shows tempi and markers.
    signatures : sequence of Signature
        The key of each measure.
    annotations : Annotations
    """

    def __init__(
        self,
        element: Element,
        song: Song,
        number: int,
        signatures: Sequence[Signature],
        annotations: Annotations,
    ) -> None:
        self.element, self.song, self.number = element, song, number
        self.part = song.parts[number]
        self.signatures = signatures
        self.syllables = lay_syllables(annotations.words.get(number, {}))
        self.divisions = lcm(song.grid.steps_per_beat, _SMALLEST_DIVISIONS)
        notes = song.notes[song.notes["part"] == number]
        right = np.ones(len(notes), bool)
        if instrument_name(self.part) in _KEYBOARDS:
            right = split_hands(notes)
        hands = [notes[right], notes[~right]] if right.any() and not right.all() else [notes]
        self.staves = [
            _Staff(split_measures(replace(song, notes=hand)), self._choose_clef(hand)) for hand in hands
        ]
        self.graces = share_graces(annotations.graces.get(number, {}), hands)

    def write(self) -> None:
        """Write all measures."""
        starts = self.song.measure_starts.tolist()
        for index in range(self.song.measures):
            measure = SubElement(self.element, "measure", number=str(index + 1))
            self._write_attributes(measure, index)
            begin, end = starts[index : index + 2]
            if self.number == 0:
                self._write_tempi(measure, begin, end)
                self._write_markers(measure, begin, end)
            for number in range(len(self.staves)):
                if number:
                    move(measure, "backup", self._beats(end - begin), self.divisions)
                self._write_staff(measure, index, number, begin, end - begin)

    def _beats(self, steps: int) -> Fraction:
        return Fraction(steps, self.song.grid.steps_per_beat)

    def _choose_clef(self, notes: np.ndarray) -> tuple[str, int]:
        if self.part.is_drums:
            return "percussion", 2
        is_low = len(notes) > 0 and float(notes["pitch"].mean()) < _BASS_CLEF_BELOW
        return ("F", 4) if is_low else ("G", 2)

    def _write_attributes(self, measure: Element, index: int) -> None:
        """Write key and meter where they change, and what else holds for the whole part at its beginning."""
        new_key, new_meter = (
            not index or every[index] != every[index - 1] for every in (self.signatures, self.song.meters)
        )
        if not new_key and not new_meter:
            return
        attributes = SubElement(measure, "attributes")
        if index == 0:
            say(attributes, "divisions", self.divisions)
        if new_key:
            fifths, mode = self.signatures[index]
            signature = SubElement(attributes, "key")
            say(signature, "fifths", 0 if self.part.is_drums else fifths)
            say(signature, "mode", mode)
        if new_meter:
            time = SubElement(attributes, "time")
            say(time, "beats", self.song.meters[index].numerator)
            say(time, "beat-type", self.song.meters[index].denominator)
        if index == 0:
            say(attributes, "staves", len(self.staves))
            for number, staff in enumerate(self.staves, 1):
                clef = SubElement(attributes, "clef", number=str(number))
                for tag, text in zip(("sign", "line"), staff.clef, strict=True):
                    say(clef, tag, text)

    def _write_tempi(self, measure: Element, begin: int, end: int) -> None:
        for step, bpm in self.song.tempi[_between(self.song.tempi, begin, end)]:
            direction = SubElement(measure, "direction", placement="above")
            metronome = SubElement(SubElement(direction, "direction-type"), "metronome")
            say(metronome, "beat-unit", "quarter")
            say(metronome, "per-minute", f"{bpm:g}")
            offset = SubElement(direction, "offset", sound="yes")
            offset.text = str(round(self._beats(step - begin) * self.divisions))
            SubElement(direction, "sound", tempo=f"{bpm:g}")

    def _write_markers(self, measure: Element, begin: int, end: int) -> None:
        for step, text in self.song.markers[_between(self.song.markers, begin, end)]:
            direction = SubElement(measure, "direction", placement="above")
            say(SubElement(direction, "direction-type"), "rehearsal", text)
            say(direction, "offset", round(self._beats(step - begin) * self.divisions))

    def _write_staff(self, measure: Element, index: int, number: int, begin: int, length: int) -> None:
        """Write the voices of a staff in a measure, one after another."""
        measures = self.staves[number].measures
        following = measures[index + 1] if index + 1 < len(measures) else measures[index][:0]
        going_on = frozenset(following["pitch"][following["held"]].tolist())
        for voice, chords in enumerate(split_voices(measures[index], going_on, length)):
            if voice:
                move(measure, "backup", self._beats(length), self.divisions)
            name = str(1 + _VOICES_OF_A_STAFF * number + voice)
            staff = number + 1 if len(self.staves) > 1 else 0
            look = NoteLook(self.divisions, self.signatures[index], name, staff)
            for chord in chords:
                if voice and not chord.pitches:
                    move(measure, "forward", self._beats(chord.end - chord.start), self.divisions)
                else:
                    step = begin + chord.start
                    graces = self.graces[number].pop(step, []) if chord.begins else []
                    for pitch in graces:
                        write_grace(measure, spell_pitch(pitch, *look.signature), look)
                    sung = self.syllables.get(step) if chord.begins else None
                    self._write_chord(measure, chord, look, sung.pop(0) if sung else None)

    def _write_chord(
        self, measure: Element, chord: StaffChord, look: NoteLook, syllable: Syllable | None
    ) -> None:
        """Write a chord, or a rest where it has no pitches, in as many tied values as it takes."""
        values = write_length(self._beats(chord.start), self._beats(chord.end - chord.start))
        for number, value in enumerate(values):
            heads = self._heads(chord, look.signature, number == 0, number == len(values) - 1)
            for in_chord, head in enumerate(heads):
                is_sung = syllable and head.pitch and not number and not in_chord
                said = head._replace(syllable=syllable) if is_sung else head
                write_note(measure, said, value, look, in_chord > 0)

    def _heads(self, chord: StaffChord, signature: Signature, first: bool, last: bool) -> Iterator[NoteHead]:
        """Yield the notes of one of the values of a chord, which may be the first or the last of them."""
        if not chord.pitches:
            yield NoteHead()
        for pitch in chord.pitches:
            ties = (
                *(["stop"] if not first or pitch in chord.tied_back else []),
                *(["start"] if not last or pitch in chord.tied_on else []),
            )
            if self.part.is_drums:
                yield NoteHead(spell_pitch(line_of_drum(pitch), 0), drum_id(self.number, pitch), ties)
            else:
                yield NoteHead(spell_pitch(pitch, *signature), "", ties)


def _between(events: Sequence[Tempo] | Sequence[Marker], begin: int, end: int) -> slice:
    """Return where those stand, among events in order, that come from a step on and before another."""
    return slice(*(bisect_left(events, step, key=attrgetter("step")) for step in (begin, end)))


def drum_id(part: int, key: int) -> str:
    """Return the name of a drum's instrument in the document."""
    return f"P{part + 1}-I{key}"
