from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.humdrum.instruments import InstrumentSigns
from musicvae.midi.reading.scores.humdrum.kern_part import KernPart, finish_parts, settle_transpositions
from musicvae.midi.reading.scores.humdrum.kern_tokens import TokenReader
from musicvae.midi.reading.scores.humdrum.spines import KERN, Spine
from musicvae.midi.reading.scores.humdrum.ties import JoinedNote

BEATS = TokenReader("")  # a unit is a beat


@pytest.mark.parametrize(
    ("above", "shifts"), [([0, 0], [0, 0]), ([2, 0], [-2, 0]), ([2, 2], [0, 0]), ([2, 7], [-2, -7])]
)
def test_parts_that_were_moved_differently_are_put_back(above: list[int], shifts: list[int]) -> None:
    parts = [KernPart(Spine(KERN), written_above=semitones) for semitones in above]
    settle_transpositions(parts)
    assert [part.shift for part in parts] == shifts
    assert [part.is_moved for part in parts] == [shift != 0 for shift in shifts]


def test_a_staff_without_a_name_has_that_of_its_part_and_of_no_other() -> None:
    flute = InstrumentSigns("Flute", code="flt")
    parts = [KernPart(Spine(KERN, label)) for label in ("1", "1", "2", "")]
    parts[0].instrument = flute
    assert [walk.part.name for walk in finish_parts(parts, BEATS)] == ["Flute", "Flute", "", ""]


def test_notes_are_sorted_and_in_ticks() -> None:
    part = KernPart(Spine(KERN), notes=[JoinedNote(1, 2, 62), JoinedNote(0, 2, 60)])
    [walk] = finish_parts([part], BEATS)
    assert [(note.start, note.end, note.pitch) for note in walk.notes] == [(0, 20160, 60), (10080, 20160, 62)]
