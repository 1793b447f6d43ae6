"""What holds for a voice of ABC where the walk is: its unit, meter, key, staff and instrument."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from musicvae.midi.reading.scores.abc.abc_fields import (
    LONGEST_FIELD,
    MidiWords,
    StaffWords,
    parse_meter,
    parse_midi_words,
    parse_staff,
    parse_unit,
    usual_unit,
)
from musicvae.midi.reading.scores.abc.abc_keys import AbcKey, parse_key
from musicvae.midi.songs.instruments import DRUM_CHANNEL
from musicvae.midi.songs.song import Meter

_NO_METER = ("", "none")


@dataclass
class AbcSetting:
    """What holds for a voice; that of the tune's head is copied for each.

    Parameters
    ----------
    unit : Fraction or None
        Part of a whole note; None until an L: field names it.
    meter : Meter or None
        None in free meter.
    key : AbcKey
    name : str or None
        None until the voice is given one.
    program, channel : int or None
        Of MIDI; None until a line names them.
    is_drums : bool
    shifts : dict of str to int
        Semitones by which the notes sound higher than they are written, by what asks for it.
    drum_keys : dict of int to int
        General MIDI keys of drums by the pitches that stand for them.
    channel_programs : dict of int to int
        Programs by MIDI channel, the same for all voices of a tune, whichever names them; the first counts.
    """

    unit: Fraction | None = None
    meter: Meter | None = None
    key: AbcKey = field(default_factory=AbcKey)
    name: str | None = None
    program: int | None = None
    channel: int | None = None
    is_drums: bool = False
    shifts: dict[str, int] = field(default_factory=dict)
    drum_keys: dict[int, int] = field(default_factory=dict)
    channel_programs: dict[int, int] = field(default_factory=dict)

    def for_voice(self) -> AbcSetting:
        """Return a copy for a voice that names no program yet, but whose unit is settled."""
        return replace(
            self,
            unit=self.settled_unit,
            program=None,
            shifts=dict(self.shifts),
            drum_keys=dict(self.drum_keys),
        )

    @property
    def settled_unit(self) -> Fraction:
        """The unit that is named or, if none is, that of the meter."""
        return self.unit or usual_unit(self.meter)

    @property
    def shift(self) -> int:
        """Semitones by which notes sound higher than they are written."""
        return sum(self.shifts.values())

    @property
    def plays_drums(self) -> bool:
        """Whether its pitches are drum keys."""
        return self.is_drums or self.channel == DRUM_CHANNEL + 1

    def take(self, letter: str, text: str) -> bool:
        """Take over what K:, L:, M:, V: (without the voice's name) or I: says; say whether it made sense."""
        text = text[:LONGEST_FIELD]
        match letter:
            case "K":
                return self._take_key(text)
            case "L":
                unit = parse_unit(text)
                self.unit = unit or self.unit
                return unit is not None
            case "M":
                meter = parse_meter(text)
                is_free = text.strip().lower() in _NO_METER
                self.meter = meter if meter or is_free else self.meter
                return is_free or meter is not None
            case "V":
                self._take_staff(parse_staff(text)[0])
            case "I":
                self._take_midi(parse_midi_words(text))
        return True

    def _take_key(self, text: str) -> bool:
        words, rest = parse_staff(text)
        self._take_staff(words)
        key = parse_key(rest)
        self.key = key or self.key
        return key is not None or not rest.strip()

    def _take_staff(self, words: StaffWords) -> None:
        self.name = words.name or self.name
        self.is_drums |= words.is_drums
        said = {"clef": words.clef, "octave": words.octave, "transpose": words.transpose}
        self.shifts.update({what: shift for what, shift in said.items() if shift is not None})

    def _take_midi(self, words: MidiWords) -> None:
        if words.program is not None and words.of_channel is not None:
            self.channel_programs.setdefault(words.of_channel, words.program)
        elif self.program is None:  # a part has one program: the first
            self.program = words.program
        self.channel = self.channel if words.channel is None else words.channel
        if words.transpose is not None:
            self.shifts["midi"] = words.transpose
        if words.drum:
            self.drum_keys[words.drum[0]] = words.drum[1]
