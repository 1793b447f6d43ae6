"""A voice of an ABC tune as a part of the walk, its places as ticks."""

from __future__ import annotations

from musicvae.midi.reading.scores.abc.abc_sheet import Ticks
from musicvae.midi.reading.scores.abc.abc_voice import AbcVoice
from musicvae.midi.reading.scores.score_walk import ChordMark, DynamicMark, PartWalk, ScoreNote
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import TextAt


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
