"""What a score's `<part-list>` says of its parts: names, instruments, programs, drums.

Conventions
-----------
MusicXML counts programs, channels and drum keys from 1; here programs and keys count from 0.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import NamedTuple

from musicvae.midi.reading.scores.drum_keys import drum_of
from musicvae.midi.reading.scores.instrument_programs import program_of
from musicvae.midi.reading.scores.musicxml.document.xml_values import number_in, text_in
from musicvae.midi.songs.instruments import DRUM_CHANNEL


class ListedInstrument(NamedTuple):
    """An instrument of a part: its General MIDI program, whether it is drums, and its drum key, if known."""

    program: int | None
    is_drums: bool
    drum: int | None


class ListedPart(NamedTuple):
    """What the part list says of a part: its name, and its instruments by their ids."""

    name: str = ""
    instruments: Mapping[str, ListedInstrument] = {}

    @property
    def program(self) -> int:
        """The General MIDI program of its first instrument that has one, or that of its name, or 0."""
        programs = [one.program for one in self.instruments.values() if not one.is_drums]
        return next((program for program in programs if program is not None), program_of(self.name) or 0)

    @property
    def is_drums(self) -> bool:
        """Whether all its instruments are drums."""
        return bool(self.instruments) and all(one.is_drums for one in self.instruments.values())

    @property
    def only_drum(self) -> int | None:
        """The key of its drum, if it has one alone."""
        if len(self.instruments) > 1:
            return None
        return next((one.drum for one in self.instruments.values()), drum_of(self.name))


def read_part_list(root: ET.Element) -> dict[str, ListedPart]:
    """Return the parts of the part list by their ids."""
    return {part.get("id", ""): _read_part(part) for part in root.iterfind("part-list/score-part")}


def _read_part(part: ET.Element) -> ListedPart:
    listed = {element.get("id", ""): element for element in part.findall("score-instrument")}
    played = {element.get("id", ""): element for element in part.findall("midi-instrument")}
    names = [
        text_in(part, "part-name"),
        *(text_in(element, "instrument-name") for element in listed.values()),
    ]
    name = next((name for name in names if name), "")
    instruments = {
        key: _read_instrument(listed.get(key), played.get(key), text_in(part, "part-name"))
        for key in {**listed, **played}
    }
    return ListedPart(name, instruments)


def _read_instrument(
    listed: ET.Element | None, played: ET.Element | None, part_name: str
) -> ListedInstrument:
    name = "" if listed is None else text_in(listed, "instrument-name")
    sound = "" if listed is None else text_in(listed, "instrument-sound")
    named = next(
        (found for said in (sound, name, part_name) if (found := program_of(said)) is not None), None
    )
    program, drum = _count_from_0(played, "midi-program"), _count_from_0(played, "midi-unpitched")
    on_drum_channel = _count_from_0(played, "midi-channel") == DRUM_CHANNEL
    return ListedInstrument(
        program=named if program is None else program,
        is_drums=on_drum_channel and (named is None or drum is not None),  # a viola may be the tenth of parts
        drum=drum_of(name or part_name) if drum is None else drum,
    )


def _count_from_0(played: ET.Element | None, path: str) -> int | None:
    """Return a number of MIDI counted from 0, None if there is none that can be."""
    try:
        number = -1 if played is None else number_in(played, path, 0) - 1
    except ValueError:
        return None
    return number if 0 <= number <= 127 else None
