"""One part of a song as the measures of a MusicXML part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from musicvae.midi.saving.notation.elements import NoteHead, NoteLook, Syllable, move, say, write_note
from musicvae.midi.saving.notation.note_values import write_length
from musicvae.midi.saving.notation.spelling import spell_pitch
from musicvae.midi.saving.notation.voices import StaffChord, split_hands, split_voices
from musicvae.midi.songs.drum_staff import line_of_drum
from musicvae.midi.songs.instruments import FAMILIES, instrument_name
from musicvae.midi.songs.key import Signature, parse_signature
from musicvae.midi.songs.measure_notes import MeasureNotes, split_measures
from musicvae.midi.songs.song import Meter, Song

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
        Of the part. The first shows the tempi.
    key : str
        Such as "G major".
    words : dict of int to str
        Syllables by the steps at which they are sung; one that its word goes on after ends in "-".
    """

    def __init__(self, element: Element, song: Song, number: int, key: str, words: Mapping[int, str]) -> None:
        self.element, self.song, self.number = element, song, number
        self.part = song.parts[number]
        self.syllables = _lay_syllables(words)
        self.fifths, self.mode = parse_signature(key) or Signature(0, "major")
        self.divisions = lcm(song.grid.steps_per_beat, _SMALLEST_DIVISIONS)
        notes = song.notes[song.notes["part"] == number]
        right = np.ones(len(notes), bool)
        if instrument_name(self.part) in _KEYBOARDS:
            right = split_hands(notes)
        hands = [notes[right], notes[~right]] if right.any() and not right.all() else [notes]
        self.staves = [
            _Staff(split_measures(replace(song, notes=hand)), self._choose_clef(hand)) for hand in hands
        ]

    def write(self) -> None:
        """Write all measures."""
        starts = self.song.measure_starts.tolist()
        before: Meter | None = None
        for index, meter in enumerate(self.song.meters):
            measure = SubElement(self.element, "measure", number=str(index + 1))
            self._write_attributes(measure, index, meter if meter != before else None)
            before = meter
            begin, end = starts[index : index + 2]
            if self.number == 0:
                self._write_tempi(measure, begin, end)
            for number in range(len(self.staves)):
                if number:
                    move(measure, "backup", self._beats(end - begin), self.divisions)
                self._write_staff(measure, index, number, end - begin)

    def _beats(self, steps: int) -> Fraction:
        return Fraction(steps, self.song.grid.steps_per_beat)

    def _choose_clef(self, notes: np.ndarray) -> tuple[str, int]:
        if self.part.is_drums:
            return "percussion", 2
        is_low = len(notes) > 0 and float(notes["pitch"].mean()) < _BASS_CLEF_BELOW
        return ("F", 4) if is_low else ("G", 2)

    def _write_attributes(self, measure: Element, index: int, meter: Meter | None) -> None:
        """Write the meter where it changes, and what else holds for the whole part at its beginning."""
        if index and meter is None:
            return
        attributes = SubElement(measure, "attributes")
        if index == 0:
            say(attributes, "divisions", self.divisions)
            signature = SubElement(attributes, "key")
            say(signature, "fifths", 0 if self.part.is_drums else self.fifths)
            say(signature, "mode", self.mode)
        if meter:
            time = SubElement(attributes, "time")
            say(time, "beats", meter.numerator)
            say(time, "beat-type", meter.denominator)
        if index == 0:
            say(attributes, "staves", len(self.staves))
            for number, staff in enumerate(self.staves, 1):
                clef = SubElement(attributes, "clef", number=str(number))
                for tag, text in zip(("sign", "line"), staff.clef, strict=True):
                    say(clef, tag, text)

    def _write_tempi(self, measure: Element, begin: int, end: int) -> None:
        for step, bpm in self.song.tempi:
            if begin <= step < end:
                direction = SubElement(measure, "direction", placement="above")
                metronome = SubElement(SubElement(direction, "direction-type"), "metronome")
                say(metronome, "beat-unit", "quarter")
                say(metronome, "per-minute", f"{bpm:g}")
                offset = SubElement(direction, "offset", sound="yes")
                offset.text = str(round(self._beats(step - begin) * self.divisions))
                SubElement(direction, "sound", tempo=f"{bpm:g}")

    def _write_staff(self, measure: Element, index: int, number: int, length: int) -> None:
        """Write the voices of a staff in a measure, one after another."""
        measures = self.staves[number].measures
        following = measures[index + 1] if index + 1 < len(measures) else measures[index][:0]
        going_on = frozenset(following["pitch"][following["held"]].tolist())
        for voice, chords in enumerate(split_voices(measures[index], going_on, length)):
            if voice:
                move(measure, "backup", self._beats(length), self.divisions)
            name = str(1 + _VOICES_OF_A_STAFF * number + voice)
            look = NoteLook(self.divisions, name, number + 1 if len(self.staves) > 1 else 0)
            for chord in chords:
                if voice and not chord.pitches:
                    move(measure, "forward", self._beats(chord.end - chord.start), self.divisions)
                else:
                    begin = int(self.song.measure_starts[index])
                    syllable = None if voice or number else self.syllables.get(begin + chord.start)
                    self._write_chord(measure, chord, look, syllable)

    def _write_chord(
        self, measure: Element, chord: StaffChord, look: NoteLook, syllable: Syllable | None
    ) -> None:
        """Write a chord, or a rest where it has no pitches, in as many tied values as it takes."""
        values = write_length(self._beats(chord.start), self._beats(chord.end - chord.start))
        for number, value in enumerate(values):
            for in_chord, head in enumerate(self._heads(chord, number == 0, number == len(values) - 1)):
                is_sung = syllable and head.pitch and not number and not in_chord
                said = head._replace(syllable=syllable) if is_sung else head
                write_note(measure, said, value, look, in_chord > 0)

    def _heads(self, chord: StaffChord, first: bool, last: bool) -> Iterator[NoteHead]:
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
                yield NoteHead(spell_pitch(pitch, self.fifths, self.mode), "", ties)


def _lay_syllables(words: Mapping[int, str]) -> dict[int, Syllable]:
    """Return the syllables by their steps, each with its place in its word."""
    syllables: dict[int, Syllable] = {}
    within = False
    for step, text in sorted(words.items()):
        goes_on = text.endswith("-")
        place = ("middle" if within else "begin") if goes_on else ("end" if within else "single")
        syllables[step] = Syllable(text.removesuffix("-"), place)
        within = goes_on
    return syllables


def drum_id(part: int, key: int) -> str:
    """Return the name of a drum's instrument in the document."""
    return f"P{part + 1}-I{key}"
