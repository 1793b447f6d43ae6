"""What the fields of ABC say beside the key: meters, units, tempi, staves and instruments.

Conventions
-----------
The unit is a part of a whole note, as in ABC. What cannot be read is None.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from musicvae.midi.reading.scores.abc.abc_texts import read_text
from musicvae.midi.reading.scores.abc.abc_tokens import NOTE, natural_pitch, read_note, read_number
from musicvae.midi.songs.song import Meter

LONGEST_FIELD = 400  # characters; what is longer is damage, and would take the expressions here for ever

_LARGEST, _FINEST = 128, 64  # numbers of a meter
_SHORTEST_UNIT, _LONGEST_UNIT = Fraction(1, 1024), Fraction(4)
_SLOWEST, _FASTEST = 2, 2000  # quarter notes per minute

_FRACTION = re.compile(r"([0-9]+)\s*/\s*([0-9]+)")
_UNIT = re.compile(r"\s*([0-9]+)(?:\s*/\s*([0-9]+))?\s*")
_METER_PART = r"\(?\s*([0-9]+(?:\s*\+\s*[0-9]+)*)\s*\)?\s*/\s*([0-9]+)"
_METER = re.compile(rf"\s*{_METER_PART}(?:\s*\+\s*{_METER_PART})*")
_METER_SIGNS = {"C": Meter(4, 4), "C|": Meter(2, 2)}
_TEMPO = re.compile(
    r"(?:((?:[0-9]+\s*/\s*[0-9]+(?![0-9])\s*)+)|C([0-9]*)\s*)=\D*([0-9]+(?:\.[0-9]+)?)(?![0-9]|\s*/)"
)
_BARE_TEMPO = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*")
_QUOTED = re.compile(r'"[^"]*"?')
_ASSIGNED = re.compile(
    r"""\b(clef|octave|transpose|name|nm|sname|snm|subname|middle|score|sound|shift|instrument|map|t|m|s
    |stafflines|staffscale|scale|stems?|gstem|dyn|lyrics|cue|merge)=("[^"]*"|[^\s"]*)""",
    re.VERBOSE | re.IGNORECASE,
)
_CLEF = re.compile(
    r"(?:treble|alto|tenor|bass|mezzo|soprano|baritone)[0-9]?([+-](?:8|15))?(?![\w+-])|perc\b", re.IGNORECASE
)
_CLEF_OCTAVE = re.compile(r"([+-])(8|15)$")
_PROGRAM = re.compile(r"\bprogram\s+(?:([0-9]+)\s+)?([0-9]+)")
_CHANNEL = re.compile(r"\bchannel\s+([0-9]+)")
_TRANSPOSE = re.compile(r"\br?transpose\s+(-?[0-9]+)")
_DRUM = re.compile(rf"\bdrummap\s+{NOTE}\s+(?P<key>[0-9]+)")


class StaffWords(NamedTuple):
    """What K: and V: say of a staff: its name, the semitones by which it sounds higher; None where nothing.

    `clef`, `octave` and `transpose` move it each by itself.
    """

    name: str | None = None
    clef: int | None = None
    octave: int | None = None
    transpose: int | None = None
    is_drums: bool = False


class MidiWords(NamedTuple):
    """What a `%%MIDI` line says: the program of a voice or channel, a voice's channel and transposition.

    `drum` is the General MIDI key (last) for a pitch that is written without a key signature (first).
    """

    program: int | None = None
    of_channel: int | None = None
    channel: int | None = None
    transpose: int | None = None
    drum: tuple[int, int] | None = None


def parse_meter(text: str) -> Meter | None:
    """Return a meter such as "6/8", "C|", "2+3/8" or "2/4+3/8"."""
    if text in _METER_SIGNS:
        return _METER_SIGNS[text]
    if not (written := _METER.match(text)):
        return None
    parts = re.findall(_METER_PART, written[0])
    if any(read_number(below) not in range(1, _FINEST + 1) for _, below in parts):
        return None
    finest = max(read_number(below) for _, below in parts)
    whole = sum(
        Fraction(sum(map(read_number, above.split("+"))), read_number(below)) for above, below in parts
    )
    try:
        meter = Meter(int(whole * finest), finest)
    except ValueError:
        return None
    return meter if meter.numerator <= _LARGEST else None


def parse_unit(text: str) -> Fraction | None:
    """Return the unit of an L: field."""
    written = _UNIT.fullmatch(text)
    above, below = (read_number(number or "1") for number in written.groups()) if written else (0, 1)
    unit = Fraction(above, below) if below else Fraction(0)
    return unit if _SHORTEST_UNIT <= unit <= _LONGEST_UNIT else None


def usual_unit(meter: Meter | None) -> Fraction:
    """Return the unit of a tune that names none: a sixteenth in meters shorter than 3/4, else an eighth."""
    short = meter is not None and 4 * meter.numerator < 3 * meter.denominator
    return Fraction(1, 16 if short else 8)


def parse_tempo(text: str, unit: Fraction) -> float | None:
    """Return the quarter notes per minute of a Q: field; so it is counted if a number stands alone.

    ABC 2.1 would have that count units; but the tunes that were written so are then far too slow.
    """
    text = _QUOTED.sub(" ", text)
    if written := _TEMPO.search(text):
        beats, units, number = written.groups()
        length = _sum(beats) if beats else unit * read_number(units or "1")
    elif written := _BARE_TEMPO.fullmatch(text):
        number, length = written[1], Fraction(1, 4)
    else:
        return None
    bpm = float(4 * length) * float(number)
    return bpm if _SLOWEST <= bpm <= _FASTEST else None


def parse_staff(text: str) -> tuple[StaffWords, str]:
    """Return what a K: or V: field says of its staff, and its other words."""
    assigned = {name.lower(): value.strip('"') for name, value in _ASSIGNED.findall(text)}
    rest = _ASSIGNED.sub(" ", text)
    clef = _CLEF.search(rest)
    named = assigned.get("clef", clef[0] if clef else "")
    octave = _CLEF_OCTAVE.search(named)
    name = assigned.get("name", assigned.get("nm"))
    octaves = _signed(assigned.get("octave", ""))
    words = StaffWords(
        name=None if name is None else " ".join(read_text(name.replace("\\n", " ")).split()),
        clef=(12 if octave[2] == "8" else 24) * (1 if octave[1] == "+" else -1)
        if octave
        else 0
        if named
        else None,
        octave=None if octaves is None else 12 * octaves,
        transpose=_signed(assigned.get("transpose", assigned.get("t", ""))),
        is_drums=named.lower() == "perc",
    )
    return words, rest[: clef.start()] + rest[clef.end() :] if clef else rest


def parse_midi_words(text: str) -> MidiWords:
    """Return what stands behind `%%MIDI`."""
    program, channel, transpose = (pattern.search(text) for pattern in (_PROGRAM, _CHANNEL, _TRANSPOSE))
    number = read_number(program[2]) if program else 128
    drum = _DRUM.search(text)
    return MidiWords(
        program=number if number < 128 else None,
        of_channel=read_number(program[1]) if program and program[1] else None,
        channel=read_number(channel[1]) if channel else None,
        transpose=_signed(transpose[1]) if transpose else None,
        drum=_read_drum(drum) if drum else None,
    )


def _sum(beats: str) -> Fraction:
    return sum(
        (
            Fraction(read_number(above), max(1, read_number(below)))
            for above, below in _FRACTION.findall(beats)
        ),
        Fraction(0),
    )


def _signed(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,2}", text) else None


def _read_drum(written: re.Match[str]) -> tuple[int, int] | None:
    note = read_note(*written.group("sign", "micro", "letter", "octave"), "")
    key = read_number(written["key"])
    return (
        (natural_pitch(note.step) + (note.alter or 0), key) if note.step is not None and key < 128 else None
    )
