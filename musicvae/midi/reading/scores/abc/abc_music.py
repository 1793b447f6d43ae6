"""What lines of ABC say, told to the voice that they are for: music sign by sign, and what stands below it.

Conventions
-----------
Of lyrics (w:) every note takes a syllable, one that is tied to the last too, but no rest and no grace note.
"-" ends a syllable whose word goes on, "*", "_" and a "-" that stands alone leave a note out, "|" goes on to
the next measure, "~" is a blank within a syllable. The number of a verse before its first word is not sung.
Symbols (s:) are dealt out like syllables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from musicvae.midi.reading.scores.abc.abc_sheet import Place
from musicvae.midi.reading.scores.abc.abc_texts import read_text
from musicvae.midi.reading.scores.abc.abc_tokens import read_length, read_members, read_note, read_number
from musicvae.midi.reading.scores.abc.abc_voice import AbcVoice, SungNote
from musicvae.midi.reading.scores.chord_symbols import is_almost_chord, parse_chord
from musicvae.midi.reading.scores.dynamic_marks import dynamic_velocity

Sign = re.Match[str]

_ANNOTATION = ("^", "_", "<", ">", "@")
_KNOWN_SIGNS = ".~HLMOPRSTuv"
_OLD_CHORD = re.compile(r"\+((?:[\^_=]*[A-Ga-g][,']*[0-9/]*){2,})\+")  # of ABC before 1.6
_VERSE = re.compile(r"\A\s*[0-9]+\.~*(?=[^\s0-9])")
_WORDS = re.compile(r"(?P<sung>(?:\\-|[^\s\-_*|])+)(?P<goes_on>-?)|(?P<left_out>[-_*])|(?P<bar>\|)")
_SYMBOLS = re.compile(r"""![^!]*!|\+[^+]*\+|"[^"]*"|[*|]""")
_parse_chord = lru_cache(maxsize=1024)(parse_chord)


def take_sign(sign: Sign, voice: AbcVoice) -> None:
    """Tell a voice what a sign says, which is one of `TOKEN`, but no field."""
    if sign.lastgroup:
        _TAKE[sign.lastgroup](sign, voice)


def take_lyrics(text: str, voice: AbcVoice) -> None:
    """Tell a voice what is sung to the notes above."""
    voice.lyrics += place_syllables(text, voice.heads)


def take_symbols(text: str, voice: AbcVoice) -> None:
    """Tell a voice which dynamics and chord symbols stand at the notes above."""
    index, measure = 0, _first_measure(voice.heads)
    for symbol in _SYMBOLS.findall(text):
        if symbol == "|":
            measure += 1
            index = _find_measure(voice.heads, index, measure)
            continue
        if index == len(voice.heads):
            break
        _place_symbol(symbol, voice.heads[index].place, voice)
        index += 1


def place_syllables(text: str, heads: Sequence[SungNote]) -> list[tuple[Place, str]]:
    """Return the syllables of a line, each where its note begins; one whose word goes on ends in "-".

    Parameters
    ----------
    text : str
    heads : sequence of SungNote
    """
    placed: list[tuple[Place, str]] = []
    index, measure = 0, _first_measure(heads)
    for word in _WORDS.finditer(_VERSE.sub("", read_text(text), count=1)):
        if word["bar"]:
            measure += 1
            index = _find_measure(heads, index, measure)
            continue
        if index == len(heads):
            break
        if word["sung"]:
            syllable = word["sung"].replace("\\-", "-").replace("~", " ").strip()
            placed.append((heads[index].place, syllable + word["goes_on"]))
        elif word["left_out"] == "-" and placed and not placed[-1][1].endswith("-"):
            placed[-1] = (placed[-1][0], placed[-1][1] + "-")
        index += 1
    return placed


def _place_symbol(symbol: str, place: Place, voice: AbcVoice) -> None:
    said = symbol[1:-1]
    if symbol.startswith('"'):
        if (pitches := _read_symbol(said)) is not None:
            voice.chords.append((place, pitches))
    elif (velocity := dynamic_velocity(said)) is not None:
        voice.dynamics.append((place, velocity))


def _first_measure(heads: Sequence[SungNote]) -> int:
    return heads[0].measures_before if heads else 0


def _find_measure(heads: Sequence[SungNote], index: int, measure: int) -> int:
    """Return the first note from one on that stands in a measure or after it."""
    while index < len(heads) and heads[index].measures_before < measure:
        index += 1
    return index


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
    if (pitches := _read_symbol(text)) is not None:
        voice.add_symbol(pitches)
    elif is_almost_chord(text):
        voice.sheet.notice("chord symbols that are not understood", text)


def _read_symbol(text: str) -> tuple[int, ...] | None:
    return None if text.startswith(_ANNOTATION) else _parse_chord(text)


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
