"""One **kern spine as a part of the score: its instrument, its notes, their transposition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from musicvae.midi.reading.scores.humdrum.instruments import InstrumentSigns, name_part, sounding_pitch
from musicvae.midi.reading.scores.humdrum.kern_tokens import TokenReader
from musicvae.midi.reading.scores.humdrum.spines import Spine
from musicvae.midi.reading.scores.humdrum.ties import JoinedNote
from musicvae.midi.reading.scores.score_walk import PartWalk, ScoreNote
from musicvae.midi.songs.song import Part


@dataclass(eq=False)
class KernPart:
    """What is gathered of a spine.

    Parameters
    ----------
    spine : Spine
    instrument : InstrumentSigns
    written_above : int
        Semitones by which its notes are said to be written above where they sound.
    shift : int
        Semitones by which they are moved to where they sound.
    is_moved : bool
        Whether that was needed anywhere.
    notes : list of JoinedNote
    walk : PartWalk
        All but its notes.
    """

    spine: Spine
    instrument: InstrumentSigns = InstrumentSigns()
    written_above: int = 0
    shift: int = 0
    is_moved: bool = False
    notes: list[JoinedNote] = field(default_factory=list)
    walk: PartWalk = field(default_factory=lambda: PartWalk(Part("")))


def settle_transpositions(parts: Sequence[KernPart]) -> None:
    """Let parts sound at sounding pitch from now on: all alike stay as they are, for that is meant."""
    differ = len({part.written_above for part in parts}) > 1
    for part in parts:
        part.shift = -part.written_above if differ else 0
        part.is_moved |= part.shift != 0


def finish_parts(parts: Sequence[KernPart], reader: TokenReader) -> list[PartWalk]:
    """Return the parts with names and notes; a staff that says no instrument has that of its part."""
    said = {part.spine.part: part.instrument for part in parts if any(part.instrument)}
    for part in parts:
        label = part.spine.part
        signs = part.instrument
        if label and not any(signs):
            signs = said.get(label, signs)
        part.walk.part = name_part(signs)
        part.walk.notes = sorted(
            ScoreNote(
                reader.ticks(note.start), reader.ticks(note.end), sounding_pitch(note.pitch, signs.code)
            )
            for note in part.notes
        )
    return [part.walk for part in parts]
