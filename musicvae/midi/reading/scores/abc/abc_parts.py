"""What the voices of an ABC tune say, its places as ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from musicvae.midi.reading.scores.abc.abc_layout import AbcLayout, Ticks
from musicvae.midi.reading.scores.abc.abc_sheet import Place
from musicvae.midi.reading.scores.abc.abc_voice import AbcVoice
from musicvae.midi.reading.scores.score_walk import ChordMark, DynamicMark, PartWalk, ScoreNote
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import KeyChange, TempoChange, TextAt

_Said = TypeVar("_Said", float, str)


def to_part(voice: AbcVoice, name: str, program: int, ticks: Ticks) -> PartWalk:
    """Return what a voice says.

    Parameters
    ----------
    voice : AbcVoice
    name : str
        As V: has it; a plain number is no name for a part.
    program : int
        That of its channel, for a voice that names none.
    ticks : Ticks
    """
    setting = voice.setting
    drums = setting.plays_drums
    keys = setting.drum_keys if drums else {}
    own = program if setting.program is None else setting.program
    at = ticks.at
    return PartWalk(
        Part(setting.name or ("" if name.isdecimal() else name), 0 if drums else own, drums),
        [ScoreNote(at(note.start), at(note.end), keys.get(note.pitch, note.pitch)) for note in voice.notes],
        [ChordMark(at(place), pitches) for place, pitches in voice.chords],
        [DynamicMark(at(place), velocity) for place, velocity in voice.dynamics],
        [TextAt(at(place), text) for place, text in voice.lyrics],
    )


def to_tempi(
    said: Sequence[Mapping[Place, float]], layout: AbcLayout, first: float | None
) -> list[TempoChange]:
    """Return the tempi that the voices name, and that of the beginning."""
    return [TempoChange(tick, bpm) for tick, bpm in _in_time(said, layout, first)]


def to_keys(said: Sequence[Mapping[Place, str]], layout: AbcLayout, first: str) -> list[KeyChange]:
    """Return the changes of the key that the voices name, after that of the beginning."""
    keys = [KeyChange(tick, name) for tick, name in _in_time(said, layout, first) if name]
    return keys[:1] + [new for old, new in pairwise(keys) if new.key != old.key]


def _in_time(
    said: Sequence[Mapping[Place, _Said]], layout: AbcLayout, first: _Said | None
) -> list[tuple[int, _Said]]:
    """Return what is said by its tick, in order; where several voices speak the first counts."""
    at: dict[int, _Said] = {}
    for ticks, places in zip(layout.voices, said, strict=True):
        for place, what in places.items():
            at.setdefault(ticks.at(place), what)
    if first is not None:
        at.setdefault(0, first)
    return sorted(at.items())
