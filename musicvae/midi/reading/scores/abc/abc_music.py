"""A line of ABC music, sign by sign, told to the voice that it is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from musicvae.midi.reading.scores.abc.abc_tokens import read_length, read_members, read_note, read_number
from musicvae.midi.reading.scores.abc.abc_voice import AbcVoice
from musicvae.midi.reading.scores.chord_symbols import parse_chord
from musicvae.midi.reading.scores.dynamic_marks import dynamic_velocity

Sign = re.Match[str]

_ANNOTATION = ("^", "_", "<", ">", "@")
_KNOWN_SIGNS = ".~HLMOPRSTuv"
_OLD_CHORD = re.compile(r"\+((?:[\^_=]*[A-Ga-g][,']*[\d/]*){2,})\+")  # of ABC before 1.6
_parse_chord = lru_cache(maxsize=1024)(parse_chord)


def take_sign(sign: Sign, voice: AbcVoice) -> None:
    """Tell a voice what a sign says, which is one of `TOKEN`, but no field."""
    if sign.lastgroup:
        _TAKE[sign.lastgroup](sign, voice)


def _take_note(sign: Sign, voice: AbcVoice) -> None:
    note = read_note(*sign.group("sign", "micro", "letter", "octave", "length"))
    if note.is_rounded:
        voice.sheet.notice("quarter tones were rounded")
    voice.sound((note,))


def _take_chord(sign: Sign, voice: AbcVoice) -> None:
    inner = sign["inner"]
    for text in re.findall(r'"([^"]*)"', inner) if '"' in inner else ():
        _take_symbol(text, voice)
    for mark in re.findall(r"!([^!]*)!", inner) if "!" in inner else ():
        _take_dynamic(mark, voice)
    _sound_chord(inner, sign["chord_length"], sign["chord"], voice)


def _sound_chord(inner: str, length: str, written: str, voice: AbcVoice) -> None:
    notes = read_members(inner)
    if not notes:
        _skip(written, voice)
    elif all(note.step is None for note in notes):
        above, below = read_length(length)
        voice.rest(notes[0].above * above, notes[0].below * below)
    else:
        voice.sound(notes, *read_length(length))


def _take_bar(_: Sign, voice: AbcVoice) -> None:
    voice.sheet.has_bars = True
    voice.end_measure()


def _take_mark(sign: Sign, voice: AbcVoice) -> None:
    written = voice.sheet.user_signs.get(sign["mark"], sign["mark"])
    if len(written) == 1:
        if written not in _KNOWN_SIGNS:
            _skip(written, voice)
    elif written.startswith('"'):
        _take_symbol(written[1:-1], voice)
    elif not _take_dynamic(written[1:-1], voice) and (chord := _OLD_CHORD.fullmatch(written)):
        _sound_chord(chord[1], "", written, voice)


def _take_dynamic(mark: str, voice: AbcVoice) -> bool:
    """Tell the voice of a dynamic mark; say whether it is one."""
    velocity = dynamic_velocity(mark)
    if velocity is not None:
        voice.add_dynamic(velocity)
    return velocity is not None


def _take_symbol(text: str, voice: AbcVoice) -> None:
    pitches = None if text.startswith(_ANNOTATION) else _parse_chord(text)
    if pitches is not None:
        voice.add_symbol(pitches)


def _skip(written: str, voice: AbcVoice) -> None:
    voice.sheet.notice("signs that are no ABC were skipped", written)


_TAKE: dict[str, Callable[[Sign, AbcVoice], None]] = {
    "note": _take_note,
    "bar": _take_bar,
    "rest": lambda sign, voice: voice.rest(*read_length(sign["rest_length"])),
    "whole": lambda sign, voice: voice.rest_measures(read_number(sign["measures"] or "1")),
    "broken": lambda sign, voice: voice.break_rhythm(sign["broken"]),
    "tie": lambda sign, voice: voice.tie(),
    "text": lambda sign, voice: _take_symbol(sign["text"], voice),
    "tuplet": lambda sign, voice: voice.begin_tuplet(sign["tuplet"]),
    "volta": lambda sign, voice: None,
    "chord": _take_chord,
    "mark": _take_mark,
    "grace": lambda sign, voice: voice.add_graces(read_members(sign["grace"])),
    "overlay": lambda sign, voice: voice.overlay(),
    "overlays": lambda sign, voice: voice.clock.mark(),
    "caught_up": lambda sign, voice: voice.end_overlays(),
    "other": lambda sign, voice: _skip(sign["other"], voice),
}
