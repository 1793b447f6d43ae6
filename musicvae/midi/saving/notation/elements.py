"""The smallest things of a MusicXML document: texts, moves, notes."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from musicvae.midi.saving.notation.note_values import NoteValue
from musicvae.midi.saving.notation.spelling import SpeltPitch
from musicvae.midi.songs.key import Signature


class NoteLook(NamedTuple):
    """What is the same for all notes of a voice in a measure.

    Parameters
    ----------
    divisions : int
        To the quarter note.
    signature : Signature
        The key of the measure.
    voice : str
    staff : int
        0 where the part has only one.
    """

    divisions: int
    signature: Signature
    voice: str
    staff: int


class Syllable(NamedTuple):
    """A syllable, and where in its word it stands: "single", "begin", "middle" or "end"."""

    text: str
    syllabic: str


_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NoteHead(NamedTuple):
    """A note of a chord, or a rest: its pitch, the drum that it is, its ties, and the syllable below it."""

    pitch: SpeltPitch | None = None
    drum: str = ""
    ties: tuple[str, ...] = ()
    syllable: Syllable | None = None


def say(parent: Element, tag: str, text: object) -> None:
    """Write an element that holds a text, without what no XML may hold."""
    SubElement(parent, tag).text = to_xml_text(str(text))


def to_xml_text(text: str) -> str:
    """Return a text without the characters that XML 1.0 forbids: no program opens a file with them."""
    return _FORBIDDEN.sub("", text)


def move(measure: Element, tag: str, beats: Fraction, divisions: int) -> None:
    """Write a move in time: "backup" or "forward"."""
    say(SubElement(measure, tag), "duration", round(beats * divisions))


def write_note(measure: Element, head: NoteHead, value: NoteValue, look: NoteLook, in_chord: bool) -> None:
    """Write a note or a rest, its elements in the order that MusicXML asks for."""
    note = SubElement(measure, "note")
    if in_chord:
        SubElement(note, "chord")
    if head.pitch is None:
        SubElement(note, "rest")
    else:
        _write_pitch(note, head.pitch, unpitched=bool(head.drum))
    say(note, "duration", round(value.beats * look.divisions))
    for tie in head.ties:
        SubElement(note, "tie", type=tie)
    if head.drum:
        SubElement(note, "instrument", id=head.drum)
    say(note, "voice", look.voice)
    say(note, "type", value.type)
    if value.is_dotted:
        SubElement(note, "dot")
    if value.tuplet > 1:
        modification = SubElement(note, "time-modification")
        say(modification, "actual-notes", value.tuplet)
        say(modification, "normal-notes", value.in_the_time_of)
    if look.staff:
        say(note, "staff", look.staff)
    if head.ties:
        notations = SubElement(note, "notations")
        for tie in head.ties:
            SubElement(notations, "tied", type=tie)
    if head.syllable:
        lyric = SubElement(note, "lyric")
        say(lyric, "syllabic", head.syllable.syllabic)
        say(lyric, "text", head.syllable.text)


def write_grace(measure: Element, pitch: SpeltPitch, look: NoteLook) -> None:
    """Write a grace note, which takes no time."""
    note = SubElement(measure, "note")
    SubElement(note, "grace", slash="yes")
    _write_pitch(note, pitch, unpitched=False)
    say(note, "voice", look.voice)
    say(note, "type", "eighth")
    if look.staff:
        say(note, "staff", look.staff)


def _write_pitch(note: Element, pitch: SpeltPitch, unpitched: bool) -> None:
    if unpitched:
        place = SubElement(note, "unpitched")
        say(place, "display-step", pitch.step)
        say(place, "display-octave", pitch.octave)
        return
    place = SubElement(note, "pitch")
    say(place, "step", pitch.step)
    if pitch.alter:
        say(place, "alter", pitch.alter)
    say(place, "octave", pitch.octave)
